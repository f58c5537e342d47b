package dev.berth.node.lookout;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One visitor's connection. On its event loop only; the answer is made elsewhere, one at a time per visitor. */
final class Visit extends SimpleChannelInboundHandler<FullHttpRequest> {
    /** The one that has been there longest goes when there are more: whoever wants to know something takes a moment. */
    private static final int VISITORS_MAX = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Visit.class);

    private final Sights sights;
    private final BlockingQueue<Channel> visitors;
    private boolean busy;

    Visit(Sights sights, BlockingQueue<Channel> visitors) {
        this.sights = sights;
        this.visitors = visitors;
    }

    @Override
    public void channelActive(ChannelHandlerContext visitor) {
        visitors.add(visitor.channel());
        Channel longest = visitors.size() > VISITORS_MAX ? visitors.poll() : null;
        if (longest != null) {
            var _ = longest.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext visitor) {
        visitors.remove(visitor.channel());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext visitor, FullHttpRequest request) {
        boolean keep = HttpUtil.isKeepAlive(request);
        if (busy || !request.decoderResult().isSuccess()) {
            // Requests in advance are legal and nobody needs them here.
            var _ = visitor.close();
        } else if (!request.method().equals(HttpMethod.GET)) {
            say(visitor, Sights.Sight.text(405, "only GET is answered here"), false);
        } else {
            busy = true;
            String path = request.uri().split("\\?", 2)[0];
            Thread.startVirtualThread(() -> {
                Sights.Sight sight = look(path);
                visitor.executor().execute(() -> {
                    busy = false;
                    say(visitor, sight, keep);
                });
            });
        }
    }

    private Sights.Sight look(String path) {
        try {
            return sights.at(path);
        } catch (RuntimeException bug) {
            LOG.error("{} cannot be shown", path, bug);
            return Sights.Sight.text(500, "a bug, see the log: " + bug);
        }
    }

    private static void say(ChannelHandlerContext visitor, Sights.Sight sight, boolean keep) {
        var response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(sight.status()),
                Unpooled.copiedBuffer(sight.body(), UTF_8));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, sight.type());
        HttpUtil.setContentLength(response, response.content().readableBytes());
        HttpUtil.setKeepAlive(response, keep);
        var sent = visitor.writeAndFlush(response);
        if (!keep) {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Garbage, silence, or a connection that breaks: the visitor's matter. */
    @Override
    public void exceptionCaught(ChannelHandlerContext visitor, Throwable cause) {
        LOG.debug("{} goes: {}", visitor.channel().remoteAddress(), cause.toString());
        var _ = visitor.close();
    }
}
