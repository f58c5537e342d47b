package dev.berth.gate;

import dev.berth.core.wire.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

// The last handler of a client's channel, there from its first moment to its last. An idle client keeps no buffer
// here: what is left of a read is copied into one of its own size, and that is given back when the packet is whole.

/** Makes packets of what a client's socket gives. On its loop only. */
final class Intake extends ChannelInboundHandlerAdapter {
    /** Messages in one read that wait while the client is paused: as many as a read of 64 KiB can hold, or nearly. */
    private static final int HELD_MAX = 1 << 15;

    /** In a second: pings, pongs and empty fragments. Nobody else counts them, and they cost the loop what a packet costs. */
    private static final int BARREN_MAX = 100;

    private static final long SECOND = 1_000_000_000L;

    private final Entrance entrance;
    private final Client client;
    private final Framing framing;
    private final int packetMax;
    /** What has come and is no whole packet yet: of a stream, or of a message in several frames. */
    private @Nullable ByteBuf rest;
    /** Of the rest, what holds no whole packet. */
    private int seen;

    private int barren;
    private long barrenSince;

    private boolean decoding;
    private boolean goingOn;
    /** Its socket is. */
    private boolean closed;

    private boolean left;
    private @Nullable Queue<WebSocketFrame> held;

    Intake(Entrance entrance, Client client, Framing framing, int packetMax) {
        this.entrance = entrance;
        this.client = client;
        this.framing = framing;
        this.packetMax = packetMax;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        entrance.arrived(client);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (client.isOver()) {
                return;
            }
            switch (message) {
                case ByteBuf bytes when client.isConnected() && !client.port().speaksHttp() -> stream(bytes);
                case WebSocketFrame frame when client.isConnected() -> frame(frame);
                default -> client.refuse(Refusal.HANDSHAKE_BAD, "it has gone on before its handshakes were done");
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    // ---- A stream

    private void stream(ByteBuf bytes) {
        ByteBuf before = rest;
        if (before == null) {
            packets(bytes);
            if (bytes.isReadable() && !client.isOver()) {
                rest = client.channel().alloc().buffer(bytes.readableBytes()).writeBytes(bytes);
            }
        } else {
            before.discardReadBytes().writeBytes(bytes);
            packets(before);
            releaseIfRead(before);
        }
    }

    private void releaseIfRead(ByteBuf buffer) {
        if (!buffer.isReadable() || client.isOver()) {
            drop();
        }
    }

    private void packets(ByteBuf in) {
        decoding = true;
        try {
            while (client.reads() && in.isReadable()) {
                Bytes packet = framing.decode(in, seen, packetMax);
                seen = packet == null ? in.readableBytes() : 0;
                if (packet == null) {
                    return;
                }
                client.received(packet);
            }
        } catch (MalformedPacketException bad) {
            refuse(bad);
        } catch (RuntimeException bug) {
            client.refuse(Refusal.BUG, "its framing threw " + bug);
        } finally {
            decoding = false;
        }
    }

    private void refuse(MalformedPacketException bad) {
        client.refuse(bad.isTooLarge() ? Refusal.TOO_LARGE : Refusal.MALFORMED, String.valueOf(bad.getMessage()));
    }

    // ---- Messages

    private void frame(WebSocketFrame frame) {
        if (held != null || !client.reads()) {
            Queue<WebSocketFrame> waiting = held == null ? new ArrayDeque<>() : held;
            held = waiting;
            if (waiting.size() >= HELD_MAX) {
                client.refuse(Refusal.TOO_LARGE, "more than " + HELD_MAX + " messages at once");
                return;
            }
            waiting.add(frame.retain());
            return;
        }
        switch (frame) {
            case BinaryWebSocketFrame _, TextWebSocketFrame _, ContinuationWebSocketFrame _ -> {
                if (frame.isFinalFragment() || frame.content().isReadable() || mayBringNothing()) {
                    part(frame);
                }
            }
            case PingWebSocketFrame _ -> {
                if (mayBringNothing()) {
                    pong(frame.content());
                }
            }
            case CloseWebSocketFrame close -> client.leave("it has said goodbye", answer(close.statusCode()));
            default -> mayBringNothing();
        }
    }

    /** Whether there was little of it so far; otherwise it is refused. */
    private boolean mayBringNothing() {
        long now = System.nanoTime();
        if (now - barrenSince >= SECOND) {
            barrenSince = now;
            barren = 0;
        }
        if (++barren <= BARREN_MAX) {
            return true;
        }
        client.refuse(
                Refusal.TOO_FAST, "more than " + BARREN_MAX + " pings, pongs and empty fragments within a second");
        return false;
    }

    /** The same code comes back, if it gave one that may be said. */
    private static int answer(int code) {
        return code >= 1000 && code < 5000 && code != 1005 && code != 1006 ? code : 1000;
    }

    private void part(WebSocketFrame frame) {
        ByteBuf before = rest;
        ByteBuf content = frame.content();
        int size = content.readableBytes() + (before == null ? 0 : before.readableBytes());
        if (size > packetMax) {
            refuse(MalformedPacketException.tooLarge(size, packetMax));
        } else if (frame.isFinalFragment() && before == null) {
            client.received(Buffers.read(content));
        } else {
            ByteBuf whole = before == null ? client.channel().alloc().buffer(size) : before;
            rest = whole;
            whole.writeBytes(content);
            if (frame.isFinalFragment()) {
                Bytes packet = Buffers.read(whole);
                drop();
                client.received(packet);
            }
        }
    }

    private void pong(ByteBuf content) {
        ByteBuf pong = client.channel().alloc().directBuffer(Buffers.FRAME_OVERHEAD + content.readableBytes());
        Buffers.head(Buffers.PONG, content.readableBytes(), pong);
        client.write(pong.writeBytes(content), 0);
    }

    // ---- The rest of its life

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        entrance.event(client, event);
    }

    /** The client is read from again, or over. */
    void goOn() {
        // Who resumes in the middle of a packet's handling is gone on with there.
        if (decoding || goingOn) {
            return;
        }
        goingOn = true;
        try {
            frames();
            ByteBuf before = rest;
            if (before != null && !client.port().speaksHttp() && client.reads()) {
                packets(before);
                releaseIfRead(before);
            }
        } finally {
            goingOn = false;
        }
        leaveIfHeard();
    }

    private void frames() {
        Queue<WebSocketFrame> waiting = held;
        held = null;
        while (waiting != null && !waiting.isEmpty() && client.reads()) {
            WebSocketFrame frame = waiting.remove();
            try {
                frame(frame);
            } finally {
                frame.release();
            }
        }
        if (waiting != null && !waiting.isEmpty()) {
            held = waiting;
        }
    }

    /** Once, when its socket is closed and all that it has said was heard. A receiver that has paused it hears the rest when it goes on. */
    private void leaveIfHeard() {
        boolean heard = client.isOver() || client.reads() || (rest == null && held == null);
        if (!closed || left || !heard) {
            return;
        }
        left = true;
        drop();
        Queue<WebSocketFrame> waiting = held;
        held = null;
        if (waiting != null) {
            waiting.forEach(WebSocketFrame::release);
        }
        entrance.left(client);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        client.writable(ctx.channel().isWritable());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed = true;
        goOn();
    }

    private void drop() {
        if (rest != null) {
            rest.release();
            rest = null;
        }
        seen = 0;
    }

    /** What the handlers before this one say of its bytes, or its socket of itself. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable thrown) {
        entrance.failed(client, thrown);
    }
}
