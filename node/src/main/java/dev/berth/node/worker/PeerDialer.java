package dev.berth.node.worker;

import dev.berth.core.call.PeerMessage;
import dev.berth.core.cluster.Listing;
import dev.berth.node.launch.HostPort;
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
                : HostPort.parse(listing.addresses().getFirst(), 1)
                        .map(HostPort::address)
                        .orElse(null);
        if (address == null) {
            loop.execute(() -> ears.closed("the view says no address"));
            return _ -> {};
        }
        return transport.dial(address, Dialect.PEERS, ears, loop);
    }
}
