package dev.berth.core.wire;

import java.nio.ByteBuffer;

/**
 * Turns messages into frames. It keeps what was written until that is taken; the link that owns it bounds {@link #pending}.
 * One thread.
 *
 * @param <M> what the link's messages are
 */
public final class FrameWriter<M> {
    private final Catalog<M> catalog;
    private final long cluster;
    private final Limits limits;
    private final Sink out = new Sink();
    private int version;

    public FrameWriter(Catalog<M> catalog, long cluster, int version, Limits limits) {
        this.catalog = catalog;
        this.cluster = cluster;
        this.limits = limits;
        this.version = version;
        speak(version);
    }

    /** From now on frames carry this version, the one agreed upon. */
    public void speak(int agreed) {
        version = new Versions(agreed, agreed).max();
    }

    /** Adds a frame; an IllegalArgumentException names the field that is over its bound, and nothing is added. */
    public void write(M message) {
        RecordCodec codec = catalog.codec(message);
        int start = out.size();
        try {
            header(0, codec.code());
            codec.writeMessage(out, message);
        } catch (IllegalArgumentException e) {
            out.truncate(start);
            throw e;
        }
        int length = out.size() - start - Frame.LENGTH_SIZE;
        if (length > limits.frameMax()) {
            out.truncate(start);
            throw new IllegalArgumentException(
                    codec.name() + " takes a frame of " + length + " bytes, at most " + limits.frameMax());
        }
        out.putBigEndian(length, Frame.LENGTH_SIZE, start);
    }

    /** Adds a frame without a message, by which the other side hears that this one is alive. */
    public void keepAlive() {
        header(Frame.BODY_AT - Frame.LENGTH_SIZE, Frame.KEEP_ALIVE);
    }

    private void header(int length, int type) {
        out.bigEndian(length, Frame.LENGTH_SIZE);
        out.bigEndian((long) Frame.MAGIC << 24 | (long) version << 16 | type, 4);
        out.bigEndian(cluster, 8);
    }

    /** Copies the last frame, of which the writer's user knows the size: for {@link #writeAgain}. */
    public byte[] last(int size) {
        return out.last(size);
    }

    /** Adds a frame that a writer of the same catalog, cluster and version has encoded. */
    public void writeAgain(byte[] frame) {
        out.raw(frame);
    }

    /** Bytes written and not taken yet. */
    public int pending() {
        return out.size();
    }

    /** All frames written since the last call. */
    public byte[] take() {
        return out.take();
    }

    /** Moves them into a buffer that has room for {@link #pending} bytes: one copy, and nothing is allocated. */
    public void drain(ByteBuffer target) {
        out.drain(target);
    }

    /** The frame of one message. */
    public byte[] frame(M message) {
        if (out.size() > 0) {
            throw new IllegalStateException(out.size() + " bytes of earlier frames have not been taken");
        }
        write(message);
        return out.take();
    }
}
