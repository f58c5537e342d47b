package dev.berth.lab.bench;

import dev.berth.lab.bench.Samples.Figures;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import java.net.InetSocketAddress;

/** Bytes over Netty without any codec, flushed once per read pass: what a transport on it could reach at best. Needs epoll. */
final class NettyEcho implements Echo {
    private static final int FRAME_MAX = 1 << 20;

    private final boolean framed;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

    /** @param framed whether each message is taken from the stream by itself, as whoever answers messages has to */
    NettyEcho(boolean framed) {
        this.framed = framed;
    }

    @Override
    public int serve() {
        Channel port = new ServerBootstrap()
                .group(loops)
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        frame(channel);
                        channel.pipeline().addLast(new Back());
                    }
                })
                .bind(ANY)
                .syncUninterruptibly()
                .channel();
        return ((InetSocketAddress) port.localAddress()).getPort();
    }

    private void frame(Channel channel) {
        if (framed) {
            channel.pipeline()
                    .addLast(new LengthFieldBasedFrameDecoder(FRAME_MAX, 0, Integer.BYTES, 0, Integer.BYTES))
                    .addLast(new LengthFieldPrepender(Integer.BYTES));
        }
    }

    private static final class Back extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var _ = context.write(message, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }

    @Override
    public Figures measure(int port, int window) {
        Forth forth = new Forth(window);
        Channel channel = new Bootstrap()
                .group(loops)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        frame(channel);
                        channel.pipeline().addLast(forth);
                    }
                })
                .connect(Echo.at(port))
                .syncUninterruptibly()
                .channel();
        Figures figures = forth.samples.await();
        channel.close().syncUninterruptibly();
        return figures;
    }

    /** Sends a message for each that comes back. */
    private static final class Forth extends ChannelInboundHandlerAdapter {
        private final Samples samples = new Samples();
        private final long[] sent;
        private long bytes;
        private int next;

        Forth(int window) {
            sent = new long[window];
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            for (int i = 0; i < sent.length; i++) {
                send(context, i, System.nanoTime());
            }
            context.flush();
        }

        private void send(ChannelHandlerContext context, int index, long now) {
            sent[index] = now;
            ByteBuf message = context.alloc().directBuffer(SIZE);
            message.writeZero(SIZE - Long.BYTES).writeLong(index);
            var _ = context.write(message, context.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            long before = bytes / SIZE;
            bytes += in.readableBytes();
            in.release();
            for (long i = before; i < bytes / SIZE; i++) {
                long now = System.nanoTime();
                if (samples.add(sent[next], now)) {
                    send(context, next, now);
                }
                next = (next + 1) % sent.length;
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }

    @Override
    public void close() {
        loops.shutdownGracefully().awaitUninterruptibly(5_000);
    }
}
