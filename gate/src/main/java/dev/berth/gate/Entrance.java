package dev.berth.gate;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

// From a socket that is accepted to a client that is connected: counted at the gate, PROXY header, counted at its
// address, TLS, WebSocket upgrade. Each step puts its handlers before the client's intake and removes itself when
// it is done. One clock runs over all of them.

/** The way in at one port. Each client's part of it on its own event loop. */
final class Entrance extends ChannelInitializer<Channel> {
    static final String INTAKE = "intake";
    private static final int REQUEST_MAX = 8_192;
    /** Of what a load balancer may add to its header. */
    private static final int PROXY_TLV_MAX = 1_024;

    private final Gate gate;
    private final Port port;
    private final @Nullable SslContext tls;
    private final List<IpSubnetFilterRule> proxies;
    private final Pages pages;

    Entrance(Gate gate, Port port, List<IpSubnetFilterRule> proxies) throws IOException {
        this.gate = gate;
        this.port = port;
        this.proxies = proxies;
        Tls files = port.tls();
        this.tls = files == null ? null : files.context();
        this.pages = port.pages() == null ? Pages.NONE : Pages.of(port.pages());
    }

    @Override
    protected void initChannel(Channel channel) {
        // Null if the other end has closed already.
        InetSocketAddress from = (InetSocketAddress) channel.remoteAddress();
        if (from == null) {
            var _ = channel.close();
            return;
        }
        Client client = gate.client(port, channel, from);
        Intake intake = new Intake(this, client, gate.framing(), gate.limits().packetMax());
        client.heardBy(intake);
        channel.pipeline().addLast(INTAKE, intake);
    }

    void arrived(Client client) {
        if (!gate.enter(client)) {
            return;
        }
        client.awaitHandshake();
        if (proxies.stream().anyMatch(each -> each.matches(client.remote()))) {
            before(client)
                    .addBefore(INTAKE, null, new HAProxyMessageDecoder(PROXY_TLV_MAX))
                    .addBefore(INTAKE, null, new ProxyHeader(this, client));
        } else {
            settles(client, client.remote());
        }
    }

    private static ChannelPipeline before(Client client) {
        return client.channel().pipeline();
    }

    /** It is known where the client is. */
    void settles(Client client, InetSocketAddress from) {
        if (!client.settle(from)) {
            return;
        }
        if (tls != null) {
            SslHandler handler = tls.newHandler(client.channel().alloc());
            // The clock of all handshakes is the client's.
            handler.setHandshakeTimeoutMillis(0);
            before(client).addBefore(INTAKE, null, handler);
        }
        if (port.speaksHttp()) {
            before(client)
                    .addBefore(INTAKE, null, new HttpServerCodec())
                    .addBefore(INTAKE, null, new HttpObjectAggregator(REQUEST_MAX, true))
                    .addBefore(
                            INTAKE,
                            null,
                            new Upgrade(client, pages, gate.limits().packetMax()));
        } else if (tls == null) {
            client.connected();
        }
    }

    /** What a handler before the intake has to say. */
    void event(Client client, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            if (!done.isSuccess()) {
                client.refuse(Refusal.HANDSHAKE_BAD, "TLS: " + done.cause().getMessage());
            } else if (!port.speaksHttp()) {
                client.connected();
            }
        } else if (event instanceof ChannelOutputShutdownEvent) {
            client.takesNothing();
        }
    }

    /** What has come cannot be read, or the socket has failed. */
    void failed(Client client, Throwable thrown) {
        Throwable why = thrown instanceof DecoderException && thrown.getCause() != null ? thrown.getCause() : thrown;
        String text = String.valueOf(why.getMessage());
        switch (why) {
            case IOException _
            when !client.isConnected() && tls != null -> client.refuse(Refusal.HANDSHAKE_BAD, "TLS: " + text);
            case IOException broken -> client.broken("its connection has failed: " + broken.getMessage());
            case HAProxyProtocolException _ -> client.refuse(Refusal.HANDSHAKE_BAD, "no PROXY header: " + text);
            case CorruptedWebSocketFrameException frame
            when frame.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG) ->
                client.refuse(Refusal.TOO_LARGE, text);
            case TooLongFrameException _ -> client.refuse(Refusal.TOO_LARGE, text);
            case DecoderException _ -> client.refuse(refusal(client), text);
            default -> {
                if (thrown instanceof DecoderException) {
                    client.refuse(refusal(client), text);
                } else {
                    gate.bug(client, thrown);
                    client.refuse(Refusal.BUG, thrown.toString());
                }
            }
        }
    }

    private static Refusal refusal(Client client) {
        return client.isConnected() ? Refusal.MALFORMED : Refusal.HANDSHAKE_BAD;
    }

    void left(Client client) {
        client.ended();
        gate.left(client);
    }
}
