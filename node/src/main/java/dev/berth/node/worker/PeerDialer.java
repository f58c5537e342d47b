package dev.berth.node.worker;

import dev.berth.core.call.PeerMessage;
import dev.berth.core.cluster.Listing;
import dev.berth.node.link.Dial;
import dev.berth.node.link.Dialect;
import dev.berth.node.link.PipeEars;
import dev.berth.node.link.Transport;
import dev.berth.node.plane.Dialer;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Connects to the first address that a node is listed with. Any thread. */
record PeerDialer(Transport transport) implements Dialer {
    @Override
    public Dial dial(@Nullable Listing listing, PipeEars<PeerMessage, PeerMessage> ears, EventLoop loop) {
        InetSocketAddress address = listing == null || listing.addresses().isEmpty()
                ? null
                : address(listing.addresses().getFirst());
        if (address == null) {
            loop.execute(() -> ears.closed("the view says no address"));
            return _ -> {};
        }
        return transport.dial(address, Dialect.PEERS, ears, loop);
    }

    /** {@code host:port}; null if it is not that. */
    static @Nullable InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        try {
            return colon < 1
                    ? null
                    : new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException notAPort) {
            return null;
        }
    }
}
