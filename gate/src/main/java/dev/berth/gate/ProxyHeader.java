package dev.berth.gate;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Takes a load balancer's word for who the client is. One connection. */
final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {
    private final Entrance entrance;
    private final Client client;

    ProxyHeader(Entrance entrance, Client client) {
        this.entrance = entrance;
        this.client = client;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HAProxyMessage header) throws UnknownHostException {
        InetSocketAddress from = client.remote();
        // LOCAL and UNKNOWN: the load balancer itself looks whether somebody is here.
        if (header.command() == HAProxyCommand.PROXY && header.sourceAddress() != null) {
            byte[] address = NetUtil.createByteArrayFromIpAddressString(header.sourceAddress());
            if (address == null) {
                client.refuse(Refusal.HANDSHAKE_BAD, "its PROXY header names no IP address");
                return;
            }
            from = new InetSocketAddress(InetAddress.getByAddress(address), header.sourcePort());
        }
        entrance.settles(client, from);
        ctx.pipeline().remove(this);
    }
}
