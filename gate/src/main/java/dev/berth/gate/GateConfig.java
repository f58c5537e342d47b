package dev.berth.gate;

import dev.berth.core.PublicApi;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.util.List;

/**
 * How a gate listens. Immutable; each {@code with} gives another one.
 *
 * @param proxies addresses or networks ({@code 10.0.0.0/8}, {@code 192.0.2.7}) of load balancers: a connection from there begins with a
 *     PROXY header (v1 or v2), which says who the client is, and is refused without one. A header from anywhere else is read as
 *     what it is, bytes of a client.
 * @param loops event loops of its own, each with a thread; 0 to share the node's, which is one and saves each packet a change of
 *     thread. More than 0 where one processor is too little for the clients of one process; more than processors is of no use
 */
@PublicApi
public record GateConfig(List<Port> ports, GateLimits limits, List<String> proxies, int loops) {
    private static final int LOOPS_MAX = 64;

    public GateConfig {
        ports = List.copyOf(ports);
        proxies = List.copyOf(proxies);
        if (ports.isEmpty()) {
            throw new IllegalArgumentException("a gate listens somewhere: no port is given");
        }
        proxies.forEach(GateConfig::network);
        if (loops < 0 || loops > LOOPS_MAX) {
            throw new IllegalArgumentException("a gate has 0 to " + LOOPS_MAX + " loops of its own, got " + loops);
        }
    }

    public static GateConfig of(Port... ports) {
        return new GateConfig(List.of(ports), GateLimits.DEFAULT, List.of(), 0);
    }

    public GateConfig withLimits(GateLimits other) {
        return new GateConfig(ports, other, proxies, loops);
    }

    public GateConfig withProxies(String... networks) {
        return new GateConfig(ports, limits, List.of(networks), loops);
    }

    public GateConfig withLoops(int count) {
        return new GateConfig(ports, limits, proxies, count);
    }

    /** Of load balancers. */
    List<IpSubnetFilterRule> networks() {
        return proxies.stream().map(GateConfig::network).toList();
    }

    private static IpSubnetFilterRule network(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        // Only addresses: a name would be looked up.
        if (!address.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            throw new IllegalArgumentException("'" + text + "' is no address and no network such as 10.0.0.0/8");
        }
        try {
            int bits = slash < 0 ? (address.indexOf(':') < 0 ? 32 : 128) : Integer.parseInt(text.substring(slash + 1));
            return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
        } catch (IllegalArgumentException bad) {
            throw new IllegalArgumentException("'" + text + "' is no address and no network such as 10.0.0.0/8", bad);
        }
    }
}
