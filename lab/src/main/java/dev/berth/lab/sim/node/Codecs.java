package dev.berth.lab.sim.node;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Durable.TermRecord;
import dev.berth.core.cluster.ViewImage;
import dev.berth.core.protocol.Protocol;
import dev.berth.core.wire.Catalog;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import dev.berth.lab.sim.net.Frame;
import org.jspecify.annotations.Nullable;

// The bytes are the real ones, in both directions. A master that tells thousands the same hands over the same object
// again and again; it is recognized by identity and encoded once.

/** Messages and records to bytes and back, for all nodes of a world. One thread. */
@SuppressWarnings("ReferenceEquality") // a message that was just encoded is recognized by identity
public final class Codecs {
    private static final long CLUSTER = 0xBE47BE47L;
    private static final int RECENT = 8;

    /** One direction of a link. */
    private static final class Channel<M> {
        private final FrameWriter<M> writer;
        private final FrameReader<M> reader;
        private @Nullable M decoded;

        Channel(Catalog<M> catalog) {
            int version = Protocol.VERSIONS.max();
            writer = new FrameWriter<>(catalog, CLUSTER, version, Limits.VIEW);
            reader = new FrameReader<>(catalog, CLUSTER, Protocol.VERSIONS, Limits.VIEW);
        }

        M read(byte[] bytes) {
            decoded = null;
            try {
                reader.read(bytes, 0, bytes.length, message -> decoded = message);
            } catch (WireException e) {
                throw new IllegalStateException("a frame of our own is refused", e);
            }
            M message = decoded;
            if (message == null) {
                throw new IllegalStateException("a frame of " + bytes.length + " bytes holds no message");
            }
            return message;
        }
    }

    private final Channel<Object> all = new Channel<>(Protocol.ALL);
    private final @Nullable Frame[] views = new @Nullable Frame[RECENT];
    private int next;
    private long encoded;

    public Frame frame(Object message) {
        boolean forMany = message instanceof ClusterMessage.ViewFull || message instanceof ClusterMessage.ViewDeltas;
        if (forMany) {
            for (Frame frame : views) {
                if (frame != null && frame.sent() == message) {
                    return frame;
                }
            }
        }
        encoded++;
        Frame frame = new Frame(message, all.writer.frame(message));
        if (forMany) {
            views[next] = frame;
            next = (next + 1) % RECENT;
        }
        return frame;
    }

    public Object message(Frame frame) {
        return frame.read(all::read);
    }

    ClusterMessage.ToMaster toMaster(Frame frame) {
        return (ClusterMessage.ToMaster) message(frame);
    }

    ClusterMessage.ToMember toMember(Frame frame) {
        return (ClusterMessage.ToMember) message(frame);
    }

    /** How many messages were turned into bytes. */
    public long encoded() {
        return encoded;
    }

    public static byte[] term(TermRecord term) {
        return Protocol.TERM.encode(term);
    }

    public static TermRecord term(byte[] bytes) {
        try {
            return Protocol.TERM.decode(bytes);
        } catch (WireException e) {
            throw new IllegalStateException("a record of our own is refused", e);
        }
    }

    public static byte[] view(ViewImage view) {
        return Protocol.VIEW.encode(view);
    }

    public static ViewImage view(byte[] bytes) {
        try {
            return Protocol.VIEW.decode(bytes);
        } catch (WireException e) {
            throw new IllegalStateException("a record of our own is refused", e);
        }
    }
}
