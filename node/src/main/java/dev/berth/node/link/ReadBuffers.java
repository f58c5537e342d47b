package dev.berth.node.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/** Into what one connection's socket is read: little from a stranger, the loop's buffer from a pipe. On its event loop only. */
final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
    /** Bytes of an unauthenticated connection that are looked at. */
    static final int STRANGER_SIZE = 1 << 10;

    private final Wharf wharf;
    private boolean trusted;

    ReadBuffers(Wharf wharf) {
        this.wharf = wharf;
    }

    /** The other end has proved itself. */
    void trust() {
        trusted = true;
    }

    @Override
    public MaxMessageHandle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return trusted ? Wharf.BUFFER_SIZE : STRANGER_SIZE;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return trusted ? wharf.in() : allocator.ioBuffer(STRANGER_SIZE, STRANGER_SIZE);
            }
        };
    }
}
