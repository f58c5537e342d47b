package dev.berth.lab.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

// Whoever answers, a length of four bytes and 64 bytes go there and come back; the next leave when they are back. Only
// sockets and counting, on one thread, the same for all that are compared.

/** Clients of an echo, each with one request at a time. One thread calls it. */
final class EchoCrowd implements AutoCloseable {
    private static final int MESSAGE = Integer.BYTES + Echo.SIZE;

    private final EventLoop loop;
    private final List<Channel> channels = new ArrayList<>();
    // On the loop.
    private boolean runs;
    private long answered;

    /** They connect. */
    EchoCrowd(EventLoop loop, int port, int clients) throws IOException {
        this.loop = loop;
        List<ChannelFuture> connecting = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            connecting.add(new Bootstrap()
                    .group(loop)
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .handler(new Caller())
                    .connect(Echo.at(port)));
        }
        for (ChannelFuture each : connecting) {
            if (!each.awaitUninterruptibly(10_000) || !each.isSuccess()) {
                throw new IOException("a client cannot connect to port " + port, each.cause());
            }
            channels.add(each.channel());
        }
    }

    private final class Caller extends ChannelInboundHandlerAdapter {
        private int missing;

        void ask(ChannelHandlerContext context) {
            missing = MESSAGE;
            ByteBuf message = context.alloc().directBuffer(MESSAGE);
            message.writeInt(Echo.SIZE).writeZero(Echo.SIZE);
            var _ = context.writeAndFlush(message, context.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            missing -= in.readableBytes();
            in.release();
            if (missing == 0) {
                answered++;
                if (runs) {
                    ask(context);
                }
            }
        }
    }

    /** Answers per second over so long, after a fifth of that for nothing. */
    double rate(long millis) throws IOException, InterruptedException {
        loop.submit(() -> {
                    runs = true;
                    channels.forEach(each -> {
                        var context = each.pipeline().firstContext();
                        ((Caller) context.handler()).ask(context);
                    });
                })
                .sync();
        TimeUnit.MILLISECONDS.sleep(millis / 5);
        long first = loop.submit(() -> answered).sync().getNow();
        long start = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(millis);
        long count = loop.submit(() -> answered).sync().getNow() - first;
        double rate = count * 1e9 / (System.nanoTime() - start);
        loop.submit(() -> runs = false).sync();
        for (Channel each : channels) {
            if (!each.isActive()) {
                throw new IOException(each + " was closed");
            }
        }
        return rate;
    }

    @Override
    public void close() {
        channels.forEach(each -> each.close().awaitUninterruptibly(1_000));
    }
}
