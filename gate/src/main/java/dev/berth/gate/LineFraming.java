package dev.berth.gate;

import dev.berth.core.wire.Bytes;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A packet per line. */
record LineFraming() implements Framing {
    private static final int LINE_MAX = 1 << 20;

    @Override
    public @Nullable Bytes decode(ByteBuf in, int seen, int packetMax) throws MalformedPacketException {
        int from = in.readerIndex();
        int end = in.indexOf(from + seen, in.writerIndex(), (byte) '\n');
        // One byte more than a packet may have: its carriage return.
        if ((end < 0 ? in.readableBytes() : end - from) > packetMax + 1) {
            throw MalformedPacketException.tooLarge((end < 0 ? in.writerIndex() : end) - from, packetMax);
        }
        if (end < 0) {
            return null;
        }
        int length = end - from;
        if (length > 0 && in.getByte(end - 1) == '\r') {
            length--;
        }
        if (length > packetMax) {
            throw MalformedPacketException.tooLarge(length, packetMax);
        }
        byte[] packet = new byte[length];
        in.readBytes(packet);
        in.readerIndex(end + 1);
        return Bytes.wrap(packet);
    }

    @Override
    public int packetMax() {
        return LINE_MAX;
    }

    @Override
    public int overhead() {
        return 1;
    }

    @Override
    public void encode(Bytes packet, ByteBuf out) {
        int length = packet.length();
        for (int i = 0; i < length; i++) {
            if (packet.at(i) == '\n') {
                throw new IllegalArgumentException("a line feed at byte " + i + " of a packet that is said as a line");
            }
        }
        if (length > 0 && packet.at(length - 1) == '\r') {
            throw new IllegalArgumentException("a packet that is said as a line cannot end with a carriage return");
        }
        Buffers.write(packet, out);
        out.writeByte('\n');
    }
}
