package dev.berth.gate;

import dev.berth.node.session.Network;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts clients in and out. Any thread. */
final class Turnstile {
    private static final long SECOND = 1_000_000_000L;

    private final GateLimits limits;
    private final Map<InetAddress, Integer> perAddress = new HashMap<>();
    private int inside;
    private long secondStart;
    private int inSecond;

    Turnstile(GateLimits limits, long nowNanos) {
        this.limits = limits;
        this.secondStart = nowNanos;
    }

    /** Somebody has connected; null if he is in. */
    synchronized @Nullable Refusal enter(long nowNanos) {
        if (nowNanos - secondStart >= SECOND) {
            secondStart = nowNanos;
            inSecond = 0;
        }
        if (inSecond >= limits.connectsPerSecond()) {
            return Refusal.CONNECT_RATE;
        }
        inSecond++;
        if (inside >= limits.clients()) {
            return Refusal.GATE_FULL;
        }
        inside++;
        return null;
    }

    /** It is known who he is; false if there are too many of them already. */
    synchronized boolean settle(InetAddress address) {
        InetAddress network = Network.of(address);
        int others = perAddress.getOrDefault(network, 0);
        if (others >= limits.clientsPerAddress()) {
            return false;
        }
        perAddress.put(network, others + 1);
        return true;
    }

    /** @param settled where he had settled; null if he had not */
    synchronized void leave(@Nullable InetAddress settled) {
        inside--;
        if (settled != null) {
            perAddress.computeIfPresent(Network.of(settled), (_, count) -> count == 1 ? null : count - 1);
        }
    }

    synchronized int inside() {
        return inside;
    }

    /** Addresses that are known; none without clients. */
    synchronized int addresses() {
        return perAddress.size();
    }
}
