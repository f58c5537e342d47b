package dev.berth.node.link;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The event loops of a node, shared by all its transports: epoll where there is one, else NIO. Any thread. */
public final class Loops implements AutoCloseable {
    private static final long CLOSE_SECONDS = 5;
    /** Who has connected and is not accepted yet; the system may allow less (net.core.somaxconn). */
    private static final int BACKLOG = 8_192;

    static {
        // Netty's default follows one buffer in 128 by a stack trace wherever it goes, in production too; tests that
        // look for leaks say how closely.
        if (ResourceLeakDetector.getLevel() == ResourceLeakDetector.Level.SIMPLE) {
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
    }

    private final boolean epoll;
    private final MultiThreadIoEventLoopGroup group;
    private final List<EventLoop> all;

    private Loops(int threads, boolean epoll) {
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.epoll = epoll;
        this.group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("berth-loop", true), io);
        List<EventLoop> loops = new ArrayList<>();
        group.forEach(loop -> loops.add((EventLoop) loop));
        this.all = List.copyOf(loops);
    }

    /** Starts so many loops, each with a thread of its own. */
    public static Loops start(int threads) {
        return new Loops(threads, Epoll.isAvailable());
    }

    /** The same without epoll. */
    static Loops startNio(int threads) {
        return new Loops(threads, false);
    }

    public List<EventLoop> all() {
        return all;
    }

    /** One of them, in turn. */
    public EventLoop next() {
        return group.next();
    }

    /** For whoever listens on these loops. */
    public ServerBootstrap server() {
        return new ServerBootstrap()
                .group(group)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true);
    }

    boolean epoll() {
        return epoll;
    }

    /** Throws if this is an event loop's thread: everything that it carries would wait. Any thread. */
    public static void requireMayBlock(String what) {
        if (Thread.currentThread() instanceof FastThreadLocalThread) {
            throw new IllegalStateException(
                    what + " waits, and " + Thread.currentThread().getName()
                            + " must not: use the async form, or a thread of your own (SlotService.mayBlock)");
        }
    }

    /** Ends the threads after the tasks at hand, and waits for that, unless one of the loops asks for it. */
    @Override
    public void close() {
        var ended = group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
        if (all.stream().noneMatch(EventLoop::inEventLoop)) {
            ended.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
