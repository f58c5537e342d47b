package dev.berth.node.link;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

// The futures of these are nobody's business: a failure to write or to close ends the channel, and its end is heard by
// the channel's handler.

/** What is done to a channel without waiting for it. Any thread. */
final class Sockets {
    private Sockets() {}

    static void say(Channel channel, byte[] bytes) {
        var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(bytes));
    }

    static void close(Channel channel) {
        var _ = channel.close();
    }
}
