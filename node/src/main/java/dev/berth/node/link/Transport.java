package dev.berth.node.link;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

/**
 * Listens and dials. Any thread.
 */
public final class Transport implements AutoCloseable {
    private final TransportConfig config;
    private final Loops loops;
    private final Consumer<? super Throwable> broken;

    /**
     * @param broken hears what ears or their suppliers throw: a bug, after which a node had better stop; the connection is
     *     closed already
     */
    public Transport(TransportConfig config, Loops loops, Consumer<? super Throwable> broken) {
        this.config = config;
        this.loops = loops;
        this.broken = broken;
    }

    /** Listens on a port (0 for any) for connections of these kinds; the address it is bound to. */
    public InetSocketAddress listen(InetSocketAddress address, List<? extends Door<?, ?>> doors) throws IOException {
        String what = config.cluster() + loops.all() + address + doors + broken;
        throw new UnsupportedOperationException("being built: " + what);
    }

    /** Connects; the ears live on the given loop, which is one of this transport's. */
    public <I, O> Dial dial(InetSocketAddress address, Dialect<I, O> dialect, PipeEars<I, O> ears, EventLoop loop) {
        String what = address.toString() + dialect + ears + loop;
        throw new UnsupportedOperationException("being built: " + what);
    }

    /** Stops listening, closes every connection, cancels dials, and waits for that, unless a loop asks for it. */
    @Override
    public void close() {}
}
