package dev.berth.core.call;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.machine.Backoff;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import dev.berth.core.machine.Timers;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

// Two nodes that need each other share one connection, and both may dial at once. So connections of a pair are
// numbered; the node with the lower id uses odd numbers, the other even ones; and the higher number wins at both ends:
// of two dials that cross, both keep the same one. A connection exists only where somebody has something to say (S4.7:
// no mesh).

/** The connections of a node with each of its peers: which is the current one, and when to dial. One owner. */
public class Peers implements Machine<PeersEvent, PeersAction> {
    /** The number of a node's connection with itself, which is never dialed. */
    public static final long LOOPBACK = 1;

    /** Hidden nodes that may be connected at a time. */
    static final int GUESTS_MAX = 256;

    static final long NUMBER_MAX = 1L << 48;

    private final Backoff backoff;
    private final RandomGenerator random;
    private final TreeMap<Incarnation, Pair> pairs = new TreeMap<>();
    private final Timers<Pair> redials = new Timers<>();
    private Table table;
    private int guests;

    /** One peer. Its timer is the time before which it is not dialed again. */
    private static final class Pair extends Timers.Timer {
        final Incarnation peer;
        /** The newest connection that was accepted, whether or not it is still open. */
        long current;

        boolean isOpen;
        long dialing;
        long highest;
        boolean wanted;
        int attempts;

        Pair(Incarnation peer) {
            this.peer = peer;
        }
    }

    /**
     * What becomes of a connection whose HELLO was in order.
     *
     * @param superseded the connection before it, ended or not, or 0
     * @param cancelled the own dial that it makes needless, or 0
     */
    record Adoption(boolean accepted, long superseded, long cancelled) {
        static final Adoption REJECTED = new Adoption(false, 0, 0);
    }

    /** @param backoff the wait between two dials of the same peer */
    public Peers(Backoff backoff, Table table, RandomGenerator random) {
        this.backoff = backoff;
        this.table = table;
        this.random = random;
    }

    @Override
    public void on(long nowNanos, PeersEvent event, Outbox<PeersAction> out) {
        switch (event) {
            case PeersEvent.Wanted(Incarnation peer) -> wanted(peer, out);
            case PeersEvent.Ended(Incarnation peer, long connection) -> ended(nowNanos, peer, connection);
            case PeersEvent.Installed(Table next) -> installed(next, out);
        }
    }

    @Override
    public void advance(long nowNanos, Outbox<PeersAction> out) {
        for (Pair pair = redials.poll(nowNanos); pair != null; pair = redials.poll(nowNanos)) {
            dialIfWanted(pair, out);
        }
    }

    @Override
    public long nextWakeNanos() {
        return redials.nextNanos();
    }

    /** The number of the newest accepted connection with this peer, 0 if none: what {@link Judge#judge} wants to know. */
    public long current(Incarnation peer) {
        if (peer.equals(table.self())) {
            return LOOPBACK;
        }
        Pair pair = pairs.get(peer);
        return pair == null ? 0 : pair.current;
    }

    private void wanted(Incarnation peer, Outbox<PeersAction> out) {
        if (!peer.equals(table.self()) && table.view().lists(peer)) {
            Pair pair = pairs.computeIfAbsent(peer, Pair::new);
            pair.wanted = true;
            dialIfWanted(pair, out);
        }
    }

    private void dialIfWanted(Pair pair, Outbox<PeersAction> out) {
        if (pair.wanted && !pair.isOpen && pair.dialing == 0 && !pair.isSet()) {
            boolean odd = table.self().node().compareTo(pair.peer.node()) < 0;
            long next = pair.highest + 1;
            pair.dialing = (next % 2 == 1) == odd ? next : next + 1;
            pair.highest = pair.dialing;
            out.add(new PeersAction.Dial(pair.peer, pair.dialing));
        }
    }

    /** A connection with a listed peer has been identified; {@code dialed} by this node or by the peer. */
    Adoption adopt(Incarnation peer, long connection, boolean dialed) {
        Pair pair = pairs.computeIfAbsent(peer, Pair::new);
        boolean crossed = dialed ? pair.dialing != connection : pair.dialing >= connection;
        if (crossed || connection <= pair.current) {
            return Adoption.REJECTED;
        }
        Adoption adoption = new Adoption(true, pair.current, dialed ? 0 : pair.dialing);
        pair.current = connection;
        pair.isOpen = true;
        pair.highest = Math.max(pair.highest, connection);
        pair.dialing = 0;
        pair.wanted = false;
        pair.attempts = 0;
        return adoption;
    }

    /** A hidden node wants to come in; false if there are too many. */
    boolean welcome() {
        if (guests == GUESTS_MAX) {
            return false;
        }
        guests++;
        return true;
    }

    /** A hidden node that was welcome has gone. */
    void farewell() {
        guests--;
    }

    private void ended(long nowNanos, Incarnation peer, long connection) {
        Pair pair = pairs.get(peer);
        if (pair != null && pair.isOpen && pair.current == connection) {
            pair.isOpen = false;
        } else if (pair != null && pair.dialing == connection) {
            pair.dialing = 0;
        } else {
            return;
        }
        redials.set(pair, nowNanos + backoff.delayNanos(++pair.attempts, random));
    }

    /** Rule 14: dials to the expelled are cancelled. */
    private void installed(Table next, Outbox<PeersAction> out) {
        table = next;
        for (Pair pair : List.copyOf(pairs.values())) {
            if (!next.view().lists(pair.peer)) {
                if (pair.dialing != 0) {
                    out.add(new PeersAction.CancelDial(pair.peer, pair.dialing));
                }
                redials.cancel(pair);
                pairs.remove(pair.peer);
            }
        }
    }
}
