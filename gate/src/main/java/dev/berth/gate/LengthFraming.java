package dev.berth.gate;

import dev.berth.core.wire.Bytes;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A length of two or four bytes before each packet. */
record LengthFraming(int overhead) implements Framing {
    private static final int SHORT = 2;
    private static final int SHORT_MAX = 0xffff;
    /** Of the longer form; far more than any gate lets in. */
    private static final int LONG_MAX = 1 << 24;

    @Override
    public @Nullable Bytes decode(ByteBuf in, int seen, int packetMax) throws MalformedPacketException {
        if (in.readableBytes() < overhead) {
            return null;
        }
        long length = overhead == SHORT ? in.getUnsignedShort(in.readerIndex()) : in.getUnsignedInt(in.readerIndex());
        if (length > packetMax) {
            throw MalformedPacketException.tooLarge(length, packetMax);
        }
        if (in.readableBytes() < overhead + length) {
            return null;
        }
        byte[] packet = new byte[(int) length];
        in.skipBytes(overhead).readBytes(packet);
        return Bytes.wrap(packet);
    }

    @Override
    public int packetMax() {
        return overhead == SHORT ? SHORT_MAX : LONG_MAX;
    }

    @Override
    public void encode(Bytes packet, ByteBuf out) {
        if (overhead == SHORT) {
            out.writeShort(packet.length());
        } else {
            out.writeInt(packet.length());
        }
        Buffers.write(packet, out);
    }
}
