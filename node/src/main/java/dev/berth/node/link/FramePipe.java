package dev.berth.node.link;

import dev.berth.core.wire.Catalog;
import dev.berth.core.wire.FrameReader;
import dev.berth.core.wire.FrameWriter;
import dev.berth.core.wire.WireException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Consumer;

// A message is encoded into the writer's array when it is sent, copied once into the loop's buffer at the end of the
// pass, and gone when the socket takes it all, which is nearly always. Otherwise the pipe is blocked: what is sent
// stays in the array until the socket has taken what it was given, so that at most one buffer per pipe waits in Netty
// and what waits can be counted and bounded.

/** A connection whose other end has proved itself. On its event loop only. */
final class FramePipe<I, O> extends ChannelInboundHandlerAdapter implements Pipe<O>, Moored {
    private final Channel channel;
    private final SocketAddress remote;
    private final Wharf wharf;
    private final EventLoop loop;
    private final int version;
    private final PipeEars<I, O> ears;
    private final FrameReader<I> reader;
    private final FrameWriter<O> writer;
    private final Catalog<O> catalog;
    private final Repeats repeats;
    private final Consumer<I> hear = this::hear;
    private boolean open;
    private boolean listed;
    private boolean blocked;
    private boolean wasFull;
    private boolean heard;
    private boolean said;
    private int quietTicks;

    FramePipe(Channel channel, Wharf wharf, Dialect<I, O> dialect, int version, PipeEars<I, O> ears) {
        TransportConfig config = wharf.config();
        long cluster = ClusterName.id(config.cluster());
        this.channel = channel;
        this.remote = channel.remoteAddress();
        this.wharf = wharf;
        this.loop = wharf.loop();
        this.version = version;
        this.ears = ears;
        this.catalog = dialect.said();
        this.repeats = wharf.repeats();
        this.reader = new FrameReader<>(dialect.heard(), cluster, config.versions(), dialect.limits());
        this.writer = new FrameWriter<>(dialect.said(), cluster, version, dialect.limits());
    }

    /** Called once, when the pipe is in its pipeline. */
    void begin() {
        if (!wharf.moor(this)) {
            Sockets.close(channel);
            wharf.tellClosed(ears, "this node has closed its transport");
            return;
        }
        open = true;
        try {
            ears.opened(this);
        } catch (RuntimeException | Error bug) {
            fail(bug);
        }
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void send(O message) {
        requireLoop();
        if (!open) {
            return;
        }
        repeats.write(message, catalog, version, writer);
        if (blocked) {
            boundWhatWaits();
        } else if (writer.pending() >= Wharf.BUFFER_SIZE) {
            flush();
        } else {
            flushLater();
        }
    }

    private void boundWhatWaits() {
        int pending = pendingBytes();
        int max = wharf.config().pendingMaxBytes();
        if (pending > max) {
            end(pending + " bytes waited to be sent to " + remote + ", at most " + max
                    + " may; the other end reads too slowly");
        }
    }

    private void flushLater() {
        if (!listed) {
            listed = true;
            wharf.flushLater(this);
        }
    }

    /** The loop's pass ends. */
    void passEnds() {
        listed = false;
        flush();
    }

    private void flush() {
        int size = writer.pending();
        if (size == 0 || blocked || !open) {
            return;
        }
        try {
            handToSocket(size);
        } catch (RuntimeException | Error noMemory) {
            // The pass goes on: other pipes wait for their turn.
            fail(noMemory);
        }
    }

    private void handToSocket(int size) {
        said = true;
        ByteBuf out = wharf.out(size);
        writer.drain(out.internalNioBuffer(0, size));
        var _ = channel.writeAndFlush(out.writerIndex(size), channel.voidPromise());
        ChannelOutboundBuffer left = channel.unsafe().outboundBuffer();
        if (left != null && !left.isEmpty()) {
            // The socket has not taken it all. What is written behind it completes when it has.
            blocked = true;
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> unblock());
            boundWhatWaits();
        }
    }

    private void unblock() {
        blocked = false;
        flush();
        if (wasFull && !isFull() && open) {
            wasFull = false;
            try {
                ears.roomAgain();
            } catch (RuntimeException | Error bug) {
                fail(bug);
            }
        }
    }

    @Override
    public boolean isFull() {
        boolean full = blocked && pendingBytes() >= wharf.config().fullBytes();
        wasFull |= full;
        return full;
    }

    @Override
    public int pendingBytes() {
        requireLoop();
        ChannelOutboundBuffer left = channel.unsafe().outboundBuffer();
        long inNetty = left == null ? 0 : left.totalPendingWriteBytes();
        return (int) Math.min(Integer.MAX_VALUE, writer.pending() + inNetty);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        ByteBuf in = (ByteBuf) read;
        int size = in.readableBytes();
        byte[] bytes = wharf.scratch(size);
        in.readBytes(bytes, 0, size);
        in.release();
        receive(bytes, size);
    }

    void receive(byte[] bytes, int size) {
        if (!open) {
            return;
        }
        heard = true;
        try {
            reader.read(bytes, 0, size, hear);
        } catch (WireException refused) {
            if (open) {
                wharf.log().warn("link with " + remote + " closed: what it says is refused: " + refused.getMessage());
                end("what it says is refused: " + refused.getMessage());
            }
        } catch (RuntimeException | Error bug) {
            fail(bug);
        }
    }

    private void hear(I message) {
        if (open) {
            ears.received(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!open) {
            return;
        }
        try {
            ears.readComplete();
        } catch (RuntimeException | Error bug) {
            fail(bug);
        }
    }

    @Override
    public void tick() {
        if (heard) {
            heard = false;
            quietTicks = 0;
        } else if (++quietTicks >= Wharf.TICKS_OF_SILENCE) {
            String cause = "nothing was heard for " + wharf.config().silenceMillis()
                    + " ms, not even that the other end is alive; it is gone, paused or cut off";
            wharf.log().warn("link with " + remote + " closed: " + cause);
            end(cause);
            return;
        }
        if (!said && !blocked) {
            writer.keepAlive();
            flushLater();
        }
        said = false;
    }

    @Override
    public void close(String cause) {
        requireLoop();
        flush();
        end(cause);
    }

    @Override
    public void end(String cause) {
        if (open) {
            open = false;
            wharf.leave(this);
            Sockets.close(channel);
            wharf.tellClosed(ears, cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end("the other end has closed the connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        if (thrown instanceof IOException) {
            end("the connection is lost: " + thrown.getMessage());
        } else {
            fail(thrown);
        }
    }

    private void fail(Throwable bug) {
        end("a bug at this end: " + bug);
        wharf.broken(bug);
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public SocketAddress remote() {
        return remote;
    }

    @Override
    public int version() {
        return version;
    }

    private void requireLoop() {
        if (!loop.inEventLoop()) {
            throw new IllegalStateException("a pipe is used on its event loop, this is "
                    + Thread.currentThread().getName());
        }
    }
}
