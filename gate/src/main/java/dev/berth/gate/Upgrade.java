package dev.berth.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.berth.gate.Pages.Page;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.stream.ChunkedStream;
import io.netty.handler.stream.ChunkedWriteHandler;

/** One HTTP request: an upgrade to WebSocket, a page, or something that gets an answer and no more. One connection. */
final class Upgrade extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final Client client;
    private final Pages pages;
    private final int packetMax;
    private boolean asked;

    Upgrade(Client client, Pages pages, int packetMax) {
        this.client = client;
        this.pages = pages;
        this.packetMax = packetMax;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        String path = request.uri().split("\\?", 2)[0];
        Page page = pages.at(path);
        if (asked) {
            client.refuse(Refusal.HANDSHAKE_BAD, "a second request while the first one was answered");
        } else if (!request.decoderResult().isSuccess()) {
            refuse(ctx, HttpResponseStatus.BAD_REQUEST, "this is no HTTP request");
        } else if (page != null && !isUpgrade(request)) {
            show(ctx, request, page);
        } else if (!path.equals(client.port().path())) {
            refuse(
                    ctx,
                    HttpResponseStatus.NOT_FOUND,
                    "there is nothing at this path; clients connect by WebSocket to "
                            + client.port().path());
        } else if (!isUpgrade(request)) {
            refuse(
                    ctx,
                    HttpResponseStatus.UPGRADE_REQUIRED,
                    "this is a gate for clients: connect by WebSocket (GET, Upgrade: websocket, version 13)");
        } else {
            asked = true;
            upgrade(ctx, request);
        }
    }

    private static boolean isUpgrade(FullHttpRequest request) {
        return request.method().equals(HttpMethod.GET)
                && request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && request.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && WebSocketVersion.V13
                        .toHttpHeaderValue()
                        .contentEquals(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION, ""))
                && !request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY, "").isEmpty();
    }

    private void upgrade(ChannelHandlerContext ctx, FullHttpRequest request) {
        WebSocketServerHandshaker handshaker = new WebSocketServerHandshaker13(
                "",
                null,
                WebSocketDecoderConfig.newBuilder()
                        .maxFramePayloadLength(packetMax)
                        .allowExtensions(false)
                        .closeOnProtocolViolation(false)
                        .build());
        ChannelPipeline pipeline = ctx.pipeline();
        try {
            handshaker.handshake(ctx.channel(), request).addListener(done -> {
                if (done.isSuccess()) {
                    pipeline.addBefore(Entrance.INTAKE, null, new Utf8FrameValidator(false));
                    pipeline.remove(this);
                    client.connected();
                } else {
                    client.broken("its upgrade could not be written: " + done.cause());
                }
            });
        } catch (WebSocketHandshakeException bad) {
            refuse(ctx, HttpResponseStatus.BAD_REQUEST, String.valueOf(bad.getMessage()));
        }
    }

    /** In pieces, as the browser takes them: however many do not read, little waits here, with TLS too. */
    private void show(ChannelHandlerContext ctx, FullHttpRequest request, Page page) {
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            refuse(ctx, HttpResponseStatus.METHOD_NOT_ALLOWED, "pages are for GET");
            return;
        }
        asked = true;
        ctx.pipeline().addBefore(ctx.name(), null, new ChunkedWriteHandler());
        var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, page.type())
                .set(HttpHeaderNames.CONTENT_LENGTH, page.bytes().readableBytes())
                // The next page of a new release goes with its code, not with the code of yesterday.
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE)
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        var _ = ctx.write(head);
        ByteBuf body = request.method().equals(HttpMethod.HEAD) ? Unpooled.EMPTY_BUFFER : page.bytes();
        ctx.writeAndFlush(new HttpChunkedInput(new ChunkedStream(new ByteBufInputStream(body.duplicate()))))
                .addListener(_ -> client.leave("it has got its page", 1000));
    }

    private void refuse(ChannelHandlerContext ctx, HttpResponseStatus status, String why) {
        asked = true;
        var response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(why + "\n", UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
            response.headers()
                    .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                    .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WebSocketVersion.V13.toHttpHeaderValue());
        }
        HttpUtil.setContentLength(response, response.content().readableBytes());
        ctx.writeAndFlush(response).addListener(_ -> client.refuse(Refusal.HANDSHAKE_BAD, status + ": " + why));
    }
}
