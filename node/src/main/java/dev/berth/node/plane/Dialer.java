package dev.berth.node.plane;

import dev.berth.core.call.PeerMessage;
import dev.berth.core.cluster.Listing;
import dev.berth.node.link.Dial;
import dev.berth.node.link.PipeEars;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/** Connects to a listed node. Called on the plane's loop. */
@FunctionalInterface
public interface Dialer {
    /** @param listing null when the view lists nobody under that number any more: the ears then hear that it is closed */
    Dial dial(@Nullable Listing listing, PipeEars<PeerMessage, PeerMessage> ears, EventLoop loop);
}
