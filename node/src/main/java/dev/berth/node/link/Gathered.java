package dev.berth.node.link;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** The bytes of a handshake's message, as they come. On its event loop only. */
final class Gathered {
    private final byte[] bytes = new byte[ReadBuffers.STRANGER_SIZE];
    private int length;
    private int total;

    /** Takes over what was read; refuses a stranger who says more than all messages of a handshake have. */
    void add(ByteBuf in) throws Refusal {
        try {
            int more = in.readableBytes();
            total += more;
            if (more > bytes.length - length) {
                throw new Refusal(
                        Answer.MALFORMED,
                        total + " bytes in a handshake, which has at most " + Opening.SIZE_MAX
                                + " in a message; something else talks here, or the address is wrong");
            }
            in.readBytes(bytes, length, more);
            length += more;
        } finally {
            in.release();
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    int total() {
        return total;
    }

    /** Cuts the first bytes off. */
    byte[] take(int size) {
        byte[] taken = Arrays.copyOf(bytes, size);
        length -= size;
        System.arraycopy(bytes, size, bytes, 0, length);
        return taken;
    }

    /** Cuts the first bytes off, which must be all there are: nobody speaks out of turn. */
    byte[] takeAll(int size) throws Refusal {
        if (length > size) {
            throw new Refusal(
                    Answer.MALFORMED,
                    length + " bytes came where a handshake has " + size
                            + "; something else talks here, or the address is wrong");
        }
        return take(size);
    }
}
