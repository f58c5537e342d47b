package dev.berth.node.lookout;

import dev.berth.node.launch.HostPort;
import dev.berth.node.link.Loops;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// It shares an event loop with the node's connections, so it costs a socket and no thread; what takes time, a scrape,
// runs on a virtual thread. It speaks to strangers: everything that one of them can make it keep is bounded.

/** The HTTP port of a node: {@code /metrics}, {@code /live} and {@code /ready}. Any thread. */
public final class Lookout implements AutoCloseable {
    private static final int REQUEST_MAX = 8_192;
    private static final int SILENCE_SECONDS = 30;
    private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);

    private final Channel channel;
    private final Sights sights;

    private Lookout(Channel channel, Sights sights) {
        this.channel = channel;
        this.sights = sights;
    }

    /**
     * Listens; says that the node starts until there is something to {@link #show}.
     *
     * @param address port 0 for any
     * @throws IOException when the address is taken or another machine's
     */
    public static Lookout open(Loops loops, HostPort address) throws IOException {
        Sights sights = new Sights();
        BlockingQueue<Channel> visitors = new LinkedBlockingQueue<>();
        var bound = loops.server()
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel visitor) {
                        visitor.pipeline()
                                .addLast(new ReadTimeoutHandler(SILENCE_SECONDS))
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(REQUEST_MAX))
                                .addLast(new Visit(sights, visitors));
                    }
                })
                .bind(address.address())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + address + " for /metrics, /live and /ready ("
                            + bound.cause().getMessage() + "): choose another with --http, or http in the cluster file",
                    bound.cause());
        }
        return new Lookout(bound.channel(), sights);
    }

    public void show(Watched node) {
        sights.show(node);
        LOG.info("{} shows itself at {}", node.title(), url());
    }

    /** Without a slash at its end. */
    public String url() {
        return "http://" + HostPort.of((InetSocketAddress) channel.localAddress());
    }

    /** Whoever looks after this gets no connection. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        sights.close();
    }
}
