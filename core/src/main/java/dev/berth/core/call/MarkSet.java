package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

// A slot that moves must not leave words in the air: the next owner speaks only when everything the last one said has
// been heard or thrown away. So the last owner sends MARK behind its last message to each peer it ever spoke to, and
// waits (rule 19). A connection that broke proves nothing, since what it carried may still be queued at the other
// side; but accepting its successor discards that (rule 16), so MARK is asked on the successor. Only the peer's
// expulsion excuses it from answering.

/** Whom each own slot has sent to, and which of them have answered MARK. One owner: the loop whose Calls and Admissions feed it. */
public class MarkSet implements Machine<MarkEvent, MarkAction> {
    private final TreeMap<Grant, Trail> trails = new TreeMap<>();
    private final TreeMap<Incarnation, Long> connections = new TreeMap<>();
    private @Nullable Grant lastFrom;
    private @Nullable Incarnation lastPeer;
    private final TreeSet<Grant> ready = new TreeSet<>();

    /** One slot under one epoch. */
    private static final class Trail {
        final TreeSet<Incarnation> peers = new TreeSet<>();
        /** Messages of the slot that wait to be sent: MARK goes behind them. */
        int unsent;

        boolean started;
    }

    /** A message of this slot goes to this peer. The hot path: usually the same pair as before. */
    void sent(@Nullable Grant from, Incarnation peer) {
        if (from == null || (from.equals(lastFrom) && peer.equals(lastPeer))) {
            return;
        }
        trails.computeIfAbsent(from, _ -> new Trail()).peers.add(peer);
        lastFrom = from;
        lastPeer = peer;
    }

    /** A message of this slot waits to be sent. */
    void waits(@Nullable Grant from) {
        if (from != null) {
            trails.computeIfAbsent(from, _ -> new Trail()).unsent++;
        }
    }

    /** A message that waited has been sent or has ended. */
    void waitsNoMore(@Nullable Grant from) {
        Trail trail = from == null ? null : trails.get(from);
        if (from != null && trail != null && --trail.unsent == 0 && trail.started) {
            ready.add(from);
        }
    }

    @Override
    public void on(long nowNanos, MarkEvent event, Outbox<MarkAction> out) {
        switch (event) {
            case MarkEvent.Start(Grant grant) -> start(grant);
            case MarkEvent.Answered(Incarnation peer, var _, Grant grant) -> answered(peer, grant, out);
            case MarkEvent.Connected(Incarnation peer, long connection) -> connected(peer, connection, out);
            case MarkEvent.Disconnected(Incarnation peer, long connection) -> disconnected(peer, connection, out);
            case MarkEvent.Installed(Table table) -> installed(table, out);
        }
        advance(nowNanos, out);
    }

    /** Asks for the slots whose last held message has left. */
    @Override
    public void advance(long nowNanos, Outbox<MarkAction> out) {
        while (!ready.isEmpty()) {
            Grant grant = ready.removeFirst();
            Trail trail = trails.get(grant);
            if (trail != null) {
                List.copyOf(trail.peers).forEach(peer -> ask(grant, peer, out));
                completeIfDone(grant, trail, out);
            }
        }
    }

    @Override
    public long nextWakeNanos() {
        return ready.isEmpty() ? NEVER : Long.MIN_VALUE;
    }

    private void start(Grant grant) {
        Trail trail = trails.computeIfAbsent(grant, _ -> new Trail());
        trail.started = true;
        if (trail.unsent == 0) {
            ready.add(grant);
        }
    }

    private void answered(Incarnation peer, Grant grant, Outbox<MarkAction> out) {
        Trail trail = trails.get(grant);
        if (trail != null && isAsked(trail) && trail.peers.remove(peer)) {
            lastFrom = null;
            completeIfDone(grant, trail, out);
        }
    }

    private void connected(Incarnation peer, long connection, Outbox<MarkAction> out) {
        connections.put(peer, connection);
        trails.forEach((grant, trail) -> {
            if (isAsked(trail) && trail.peers.contains(peer)) {
                ask(grant, peer, out);
            }
        });
    }

    private void disconnected(Incarnation peer, long connection, Outbox<MarkAction> out) {
        if (connections.remove(peer, connection)
                && trails.values().stream().anyMatch(trail -> isAsked(trail) && trail.peers.contains(peer))) {
            out.add(new MarkAction.Connect(peer));
        }
    }

    /** The expelled need not answer; a slot that is not ours under this epoch any more has nothing to say (rule 21). */
    private void installed(Table table, Outbox<MarkAction> out) {
        connections.keySet().removeIf(peer -> !mustAnswer(table, peer));
        lastFrom = null;
        for (Iterator<Grant> each = List.copyOf(trails.keySet()).iterator(); each.hasNext(); ) {
            Grant grant = each.next();
            Trail trail = trails.get(grant);
            SlotState state = table.route(grant.slot());
            if (trail == null || state == null || state.epoch() != grant.epoch()) {
                trails.remove(grant);
            } else if (trail.peers.removeIf(peer -> !mustAnswer(table, peer))) {
                completeIfDone(grant, trail, out);
            }
        }
    }

    /** Rule 19: a connection's end counts only if the peer was expelled. */
    protected boolean mustAnswer(Table table, Incarnation peer) {
        return table.view().lists(peer);
    }

    private static boolean isAsked(Trail trail) {
        return trail.started && trail.unsent == 0;
    }

    private void ask(Grant grant, Incarnation peer, Outbox<MarkAction> out) {
        Long connection = connections.get(peer);
        out.add(
                connection == null
                        ? new MarkAction.Connect(peer)
                        : new MarkAction.Send(peer, connection, new PeerMessage.Mark(grant)));
    }

    private void completeIfDone(Grant grant, Trail trail, Outbox<MarkAction> out) {
        if (isAsked(trail) && trail.peers.isEmpty()) {
            trails.remove(grant);
            out.add(new MarkAction.Complete(grant));
        }
    }
}
