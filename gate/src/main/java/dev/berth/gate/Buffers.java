package dev.berth.gate;

import dev.berth.core.wire.Bytes;
import io.netty.buffer.ByteBuf;

/** Between Berth's bytes and the network's. */
final class Buffers {
    private static final int SHORT_PAYLOAD_MAX = 125;
    private static final int MEDIUM_PAYLOAD_MAX = 0xffff;
    /** Of a message from a server. */
    static final int FRAME_OVERHEAD = 10;

    private static final int LAST = 0x80;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PONG = 10;

    private Buffers() {}

    /** Into an output with room for it. */
    static void write(Bytes packet, ByteBuf out) {
        out.writeBytes(packet.toArray());
    }

    static Bytes read(ByteBuf in) {
        byte[] bytes = new byte[in.readableBytes()];
        in.readBytes(bytes);
        return Bytes.wrap(bytes);
    }

    /** The head of a WebSocket message in one frame, as a server says it (RFC 6455, 5.2): the same bytes for every client. */
    static void head(int opcode, int length, ByteBuf out) {
        out.writeByte(LAST | opcode);
        if (length <= SHORT_PAYLOAD_MAX) {
            out.writeByte(length);
        } else if (length <= MEDIUM_PAYLOAD_MAX) {
            out.writeByte(SHORT_PAYLOAD_MAX + 1).writeShort(length);
        } else {
            out.writeByte(SHORT_PAYLOAD_MAX + 2).writeLong(length);
        }
    }
}
