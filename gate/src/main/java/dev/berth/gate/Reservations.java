package dev.berth.gate;

import dev.berth.node.session.Network;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

// Counted from the question on, since a server may have kept a place whatever becomes of the client. Who is told that
// there is none has none; all others count until the place that was kept for them has lapsed, whether they took it or
// not: a gateway does not hear of that.

/** How many places servers keep for the clients of each address, as one gateway knows it. Any thread. */
final class Reservations {
    private record Lapse(InetAddress network, long atNanos) {}

    private final int perAddress;
    private final long keptNanos;
    private final Map<InetAddress, Integer> counts = new HashMap<>();
    private final ArrayDeque<Lapse> lapses = new ArrayDeque<>();

    Reservations(int perAddress, long keptNanos) {
        this.perAddress = perAddress;
        this.keptNanos = keptNanos;
    }

    /** One more is to be kept; false if there are too many. */
    synchronized boolean take(InetAddress address, long nowNanos) {
        lapse(nowNanos);
        InetAddress network = Network.of(address);
        int others = counts.getOrDefault(network, 0);
        if (others >= perAddress) {
            return false;
        }
        counts.put(network, others + 1);
        return true;
    }

    /** None was kept for one that had been taken. */
    synchronized void giveBack(InetAddress address) {
        less(Network.of(address));
    }

    /** The client is on its way to a server, or nobody knows: its place lapses in a while. */
    synchronized void isGone(InetAddress address, long nowNanos) {
        lapse(nowNanos);
        lapses.add(new Lapse(Network.of(address), nowNanos + keptNanos));
    }

    private void lapse(long nowNanos) {
        for (Lapse first = lapses.peek(); first != null && nowNanos >= first.atNanos; first = lapses.peek()) {
            lapses.remove();
            less(first.network);
        }
    }

    private void less(InetAddress network) {
        counts.computeIfPresent(network, (_, count) -> count == 1 ? null : count - 1);
    }
}
