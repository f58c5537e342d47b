package dev.berth.core.wire;

import dev.berth.core.wire.WireException.Kind;

// A durable record outlives the program that wrote it. One byte in front says in which format it is; that number rises
// only when an operator finalizes an upgrade, so that until then the older version can still be started again.

/** Turns what is kept in the coordinator into bytes and back. Any thread. */
public final class DurableCodec<T> {
    private final Codec<T> codec;
    private final String name;
    private final int format;
    private final Limits limits;

    /**
     * @param format what is written; read is everything from 1 up to it
     */
    public DurableCodec(Class<T> type, int format, Limits limits) {
        this.codec = Codec.of(type);
        this.name = type.getSimpleName();
        this.format = new Versions(1, format).max();
        this.limits = limits;
    }

    public byte[] encode(T value) {
        Sink out = new Sink();
        out.bigEndian(format, 1);
        codec.write(out, value);
        return out.take();
    }

    public T decode(byte[] bytes) throws WireException {
        if (bytes.length == 0) {
            throw new WireException(Kind.TRUNCATED, "an empty record has no format number").within(name);
        }
        int found = bytes[0] & 0xff;
        if (found < 1 || found > format) {
            throw new WireException(
                            Kind.WRONG_VERSION,
                            "the record has the format " + found + ", this version reads 1.." + format
                                    + "; start the version that wrote it")
                    .within(name);
        }
        return codec.decode(bytes, 1, limits);
    }
}
