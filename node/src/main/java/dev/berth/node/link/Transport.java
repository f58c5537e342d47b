package dev.berth.node.link;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

// One place where connections of all kinds are made, so that none is without authentication, bounds and time-outs. What
// a connection is used for is its ears' business. Mutual TLS, when it comes, is a handler in front of the first one
// here.

/** Listens and dials for a node. Closed before its {@link Loops} are. Any thread. */
public final class Transport implements AutoCloseable {
    private static final long CLOSE_MILLIS = 5_000;

    private final TransportConfig config;
    private final Loops loops;
    private final Map<EventLoop, Wharf> wharves = new LinkedHashMap<>();
    private final Queue<Channel> ports = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param broken hears what ears or their suppliers throw: a bug, after which a node had better stop; the connection is
     *     closed already
     */
    public Transport(TransportConfig config, Loops loops, Consumer<? super Throwable> broken) {
        this.config = config;
        this.loops = loops;
        Wharf.Shared shared = new Wharf.Shared(config, new QuietLog(LoggerFactory.getLogger(Transport.class)), broken);
        int strangersMax = Math.max(1, config.handshakesMax() / loops.all().size());
        loops.all().forEach(loop -> wharves.put(loop, new Wharf(shared, loop, strangersMax)));
    }

    /** Listens on a port (0 for any) for connections of these kinds; the address it is bound to. */
    public InetSocketAddress listen(InetSocketAddress address, List<? extends Door<?, ?>> doors) throws IOException {
        requireOpen();
        Map<Kind, Door<?, ?>> byKind = new EnumMap<>(Kind.class);
        for (Door<?, ?> door : doors) {
            requireRoom(door.dialect());
            if (byKind.put(door.dialect().kind(), door) != null) {
                throw new IllegalArgumentException(
                        "two doors for " + door.dialect().kind());
            }
        }
        ChannelFuture bound = loops.server()
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Wharf wharf = wharf(channel.eventLoop());
                        ReadBuffers buffers = new ReadBuffers(wharf);
                        channel.config().setRecvByteBufAllocator(buffers);
                        channel.pipeline().addLast(new Doorman(channel, wharf, buffers, byKind));
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        Throwable failure = bound.cause();
        if (failure != null) {
            throw new IOException(
                    "cannot listen on " + address + ": " + failure.getMessage() + "; is the port in use?", failure);
        }
        ports.add(bound.channel());
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /**
     * Connects. The ears live on the given loop, which is one of this transport's; they hear {@code closed} if it cannot be
     * done. An address that is not resolved is looked up at each dial.
     */
    public <I, O> Dial dial(InetSocketAddress address, Dialect<I, O> dialect, PipeEars<I, O> ears, EventLoop loop) {
        requireOpen();
        requireRoom(dialect);
        Wharf wharf = wharf(loop);
        ReadBuffers buffers = new ReadBuffers(wharf);
        Caller<I, O> caller = new Caller<>(address, dialect, ears, wharf, buffers);
        caller.start(new Bootstrap()
                .group(loop)
                .channel(loops.epoll() ? EpollSocketChannel.class : NioSocketChannel.class)
                .disableResolver()
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .option(ChannelOption.RECVBUF_ALLOCATOR, buffers)
                .handler(caller));
        return caller;
    }

    private Wharf wharf(EventLoop loop) {
        Wharf wharf = wharves.get(loop);
        if (wharf == null) {
            throw new IllegalArgumentException("the event loop " + loop + " is not one of this transport's");
        }
        return wharf;
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("this transport has been closed");
        }
    }

    private void requireRoom(Dialect<?, ?> dialect) {
        if (config.pendingMaxBytes() < dialect.limits().frameMax()) {
            throw new IllegalArgumentException(
                    "pendingMaxBytes " + config.pendingMaxBytes() + " is less than a frame of " + dialect.kind()
                            + " may have, " + dialect.limits().frameMax());
        }
    }

    /** Stops listening, closes every connection, cancels dials, and waits for that, unless a loop asks for it. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        List<Future<?>> steps = new ArrayList<>();
        ports.forEach(port -> steps.add(port.close()));
        for (Wharf wharf : wharves.values()) {
            if (!wharf.loop().isShuttingDown()) {
                steps.add(wharf.loop().submit(() -> wharf.close("this node has closed its transport")));
            }
        }
        if (loops.all().stream().anyMatch(EventLoop::inEventLoop)) {
            return;
        }
        steps.forEach(step -> step.awaitUninterruptibly(CLOSE_MILLIS));
        for (EventLoop loop : loops.all()) {
            if (!loop.isShuttingDown()) {
                // What the ears are told comes with a task behind the closing.
                loop.submit(() -> {}).awaitUninterruptibly(CLOSE_MILLIS);
            }
        }
    }
}
