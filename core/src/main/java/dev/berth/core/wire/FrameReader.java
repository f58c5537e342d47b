package dev.berth.core.wire;

import dev.berth.core.wire.WireException.Kind;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// Whole frames are decoded where they lie; only the beginning of a frame whose end has not come yet is kept. What is
// kept grows with the bytes that came, never with the length that they claim, and a length over the bound is refused
// at once.

/**
 * Turns whatever pieces a connection delivers into messages. After a refusal it stays refused: the stream has no place from
 * which reading could go on. One thread.
 *
 * @param <M> what the link's messages are
 */
public final class FrameReader<M> {
    private static final int KEPT_MAX_BETWEEN_FRAMES = 1 << 16;

    private final Catalog<M> catalog;
    private final long cluster;
    private final Versions versions;
    private final Limits limits;
    private final Source source;
    private final Shortcut.@Nullable Reading<?>[] readings;
    private byte[] kept = new byte[0];
    private int keptSize;
    private @Nullable WireException refused;

    public FrameReader(Catalog<M> catalog, long cluster, Versions versions, Limits limits) {
        this.catalog = catalog;
        this.cluster = cluster;
        this.versions = versions;
        this.limits = limits;
        this.source = new Source(limits);
        this.readings = catalog.readings();
    }

    /** Takes the next piece and hands out, in order, the messages that are complete. */
    public void read(byte[] piece, int from, int length, Consumer<? super M> messages) throws WireException {
        if (refused != null) {
            throw refused;
        }
        try {
            int end = from + length;
            int at = keptSize == 0 ? from : completeKept(piece, from, end, messages);
            int size = frameSize(piece, at, end);
            while (size <= end - at) {
                hand(decode(piece, at, at + size), messages);
                at += size;
                size = frameSize(piece, at, end);
            }
            keep(piece, at, end, size);
        } catch (WireException e) {
            refused = e;
            kept = new byte[0];
            keptSize = 0;
            throw e;
        } finally {
            source.release();
        }
    }

    /** Bytes of a frame whose end has not come yet. */
    public int pending() {
        return keptSize;
    }

    private int completeKept(byte[] piece, int from, int end, Consumer<? super M> messages) throws WireException {
        int at = from;
        int size = frameSize(kept, 0, keptSize);
        while (at < end) {
            // First up to where the size can be known, then up to the end of the frame.
            int wanted = size == Integer.MAX_VALUE ? Frame.VERSION_AT : size;
            int next = Math.min(end, at + wanted - keptSize);
            keep(piece, at, next, wanted);
            at = next;
            size = frameSize(kept, 0, keptSize);
            if (keptSize == size) {
                M message = decode(kept, 0, size);
                keptSize = 0;
                if (kept.length > KEPT_MAX_BETWEEN_FRAMES) {
                    kept = new byte[0];
                }
                hand(message, messages);
                return at;
            }
        }
        return at;
    }

    private static <M> void hand(@Nullable M message, Consumer<? super M> messages) {
        if (message != null) {
            messages.accept(message);
        }
    }

    private void keep(byte[] piece, int from, int end, int size) {
        int needed = keptSize + end - from;
        if (needed > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(needed, Math.min(2 * needed, size)));
        }
        System.arraycopy(piece, from, kept, keptSize, end - from);
        keptSize = needed;
    }

    /** The size of the frame that begins here, its length included; as large as can be while that is not known. */
    private int frameSize(byte[] bytes, int at, int end) throws WireException {
        if (end - at <= Frame.MAGIC_AT) {
            return Integer.MAX_VALUE;
        }
        if ((bytes[at + Frame.MAGIC_AT] & 0xff) != Frame.MAGIC) {
            throw new WireException(
                    Kind.NOT_BERTH,
                    "a frame has 0xBE as its fifth byte, got the bytes "
                            + HexFormat.of().formatHex(bytes, at, at + 5) + "; something else talks to this port");
        }
        long length = bigEndian(bytes, at, 4);
        if (length > limits.frameMax()) {
            throw new WireException(
                    Kind.OVERSIZED, "a frame of " + length + " bytes is announced, at most " + limits.frameMax());
        }
        if (length < Frame.BODY_AT - Frame.LENGTH_SIZE) {
            throw new WireException(
                    Kind.TRUNCATED,
                    "a frame of " + length + " bytes is announced, its header alone has "
                            + (Frame.BODY_AT - Frame.LENGTH_SIZE));
        }
        return Frame.LENGTH_SIZE + (int) length;
    }

    /** The message of a frame; null if it only says that the other side is alive. */
    private @Nullable M decode(byte[] bytes, int at, int end) throws WireException {
        long itsCluster = bigEndian(bytes, at + Frame.CLUSTER_AT, 8);
        if (itsCluster != cluster) {
            throw new WireException(
                    Kind.WRONG_CLUSTER,
                    "the frame belongs to cluster " + Long.toHexString(itsCluster) + ", this is "
                            + Long.toHexString(cluster) + "; check the list of masters");
        }
        int type = (int) bigEndian(bytes, at + Frame.TYPE_AT, 2);
        int version = bytes[at + Frame.VERSION_AT] & 0xff;
        if (!versions.contains(version) && !catalog.opens(type)) {
            throw new WireException(
                    Kind.WRONG_VERSION,
                    "frame type " + type + " comes in version " + version + ", this side speaks " + versions);
        }
        if (type == Frame.KEEP_ALIVE && end - at == Frame.BODY_AT) {
            return null;
        }
        RecordCodec codec = catalog.codec(type);
        if (codec == null) {
            throw new WireException(
                    Kind.UNKNOWN, "frame type " + type + " is not understood on this link; is the sender newer?");
        }
        try {
            Object message = shortcut(type, bytes, at + Frame.BODY_AT, end);
            if (message == null) {
                source.reset(bytes, at + Frame.BODY_AT, end);
                message = codec.readRest(source);
            }
            return cast(message);
        } catch (WireException e) {
            throw e.within(codec.name());
        }
    }

    /** Null if this type has no shortcut, or it does not lead there; whatever is wrong is found again, and said, by the codec. */
    private @Nullable Object shortcut(int type, byte[] bytes, int at, int end) {
        Shortcut.Reading<?> reading = type < readings.length ? readings[type] : null;
        if (reading == null) {
            return null;
        }
        try {
            source.reset(bytes, at, end);
            return reading.read(source);
        } catch (WireException | IllegalArgumentException _) {
            return null;
        }
    }

    @SuppressWarnings("unchecked") // a Catalog<M> holds subclasses of M only
    private M cast(Object message) {
        return (M) message;
    }

    private static long bigEndian(byte[] bytes, int at, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | (bytes[at + i] & 0xff);
        }
        return value;
    }
}
