package dev.berth.gate;

import dev.berth.core.wire.Bytes;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Whole frames of Berth's own, with their length in front, as a WebSocket message has one too. */
record FrameFraming() implements Framing {
    private static final int LENGTH = 4;
    private static final int PACKET_MAX = 1 << 20;

    @Override
    public @Nullable Bytes decode(ByteBuf in, int seen, int packetMax) throws MalformedPacketException {
        if (in.readableBytes() < LENGTH) {
            return null;
        }
        long size = LENGTH + in.getUnsignedInt(in.readerIndex());
        if (size > packetMax) {
            throw MalformedPacketException.tooLarge(size, packetMax);
        }
        if (in.readableBytes() < size) {
            return null;
        }
        byte[] frame = new byte[(int) size];
        in.readBytes(frame);
        return Bytes.wrap(frame);
    }

    @Override
    public int packetMax() {
        return PACKET_MAX;
    }

    @Override
    public void encode(Bytes packet, ByteBuf out) {
        Buffers.write(packet, out);
    }

    @Override
    public int overhead() {
        return 0;
    }
}
