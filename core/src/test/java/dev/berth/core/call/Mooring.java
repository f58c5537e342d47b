package dev.berth.core.call;

import dev.berth.core.cluster.Incarnation;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One end of a connection: in order, never at once, and what is under way at a break is lost. */
final class Mooring {
    record Dial(Incarnation peer, long number) {}

    final Vessel vessel;
    final Link link;

    @Nullable
    Admission admission;

    @Nullable
    Mooring other;

    @Nullable
    Vessel peer;

    @Nullable
    Dial dial;

    long number;
    boolean open = true;
    boolean broken;
    private final ArrayDeque<PeerMessage> unwritten = new ArrayDeque<>();
    private long lastWritten;
    private long lastArrival;

    Mooring(Vessel vessel, Link link) {
        this.vessel = vessel;
        this.link = link;
    }

    /** First into the socket, then over the sea. */
    void write(PeerMessage message) {
        Flotilla sea = vessel.sea;
        unwritten.addLast(message);
        lastWritten = Math.max(lastWritten, sea.now + sea.random.nextLong(Flotilla.MILLI / 2));
        sea.in(lastWritten - sea.now, () -> {
            if (!vessel.dead && unwritten.pollFirst() != null) {
                travel(message);
            }
        });
    }

    private void travel(PeerMessage message) {
        Flotilla sea = vessel.sea;
        lastArrival = Math.max(lastArrival, sea.now + sea.someDelay());
        sea.in(lastArrival - sea.now, () -> {
            Mooring far = Objects.requireNonNull(other);
            if (!broken && far.open) {
                far.vessel.read(far, message);
            }
        });
    }

    /** The sessions of the calls that never reached the socket. */
    List<Integer> takeUnwritten() {
        List<Integer> sessions = unwritten.stream()
                .filter(PeerMessage.Call.class::isInstance)
                .map(message -> ((PeerMessage.Call) message).session())
                .filter(session -> session != 0)
                .toList();
        unwritten.clear();
        return sessions;
    }

    boolean isWritten() {
        return unwritten.isEmpty();
    }

    boolean is(Incarnation far, long connection) {
        return admission != null && number == connection && peer != null && peer.self.equals(far);
    }
}
