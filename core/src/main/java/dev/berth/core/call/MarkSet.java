package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
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
    private final TreeMap<SlotId, Trail> trails = new TreeMap<>();
    private final TreeMap<Incarnation, Long> connections = new TreeMap<>();
    private @Nullable Grant lastFrom;
    private @Nullable Incarnation lastPeer;
    private final TreeSet<Grant> ready = new TreeSet<>();

    // An abandoned drain gives the slot a new epoch at the same node (rule 21). What it said before is still on its way
    // then, so the trail is the slot's, whatever epoch it spoke under, and the next drain asks for all of it.

    /** One slot, from the first epoch under which it is held here without a break. */
    private static final class Trail {
        final long firstEpoch;
        final TreeSet<Incarnation> peers = new TreeSet<>();
        /** Messages of the slot that wait to be sent: MARK goes behind them. */
        int unsent;

        /** The grant whose drain asks; null while none does. */
        @Nullable
        Grant started;

        Trail(long firstEpoch) {
            this.firstEpoch = firstEpoch;
        }
    }

    private Trail trail(Grant grant) {
        return trails.computeIfAbsent(grant.slot(), _ -> new Trail(grant.epoch()));
    }

    /** Whether a message from there comes before this slot's MARK: under this epoch or an earlier one. */
    static boolean covers(Grant mark, @Nullable Grant from) {
        return from != null && from.epoch() <= mark.epoch() && from.slot().equals(mark.slot());
    }

    /** A message of this slot goes to this peer. The hot path: usually the same pair as before. */
    void sent(@Nullable Grant from, Incarnation peer) {
        if (from == null || (from.equals(lastFrom) && peer.equals(lastPeer))) {
            return;
        }
        trail(from).peers.add(peer);
        lastFrom = from;
        lastPeer = peer;
    }

    /** Whether MARK is asked, or about to be, behind what this slot says under this epoch. */
    boolean isAsked(@Nullable Grant from) {
        Trail trail = from == null ? null : trails.get(from.slot());
        return trail != null && trail.started != null && covers(trail.started, from);
    }

    /** A message of this slot waits to be sent. */
    void waits(@Nullable Grant from) {
        if (from != null && from.epoch() >= trail(from).firstEpoch) {
            trail(from).unsent++;
        }
    }

    /** A message that waited has been sent or has ended. */
    void waitsNoMore(@Nullable Grant from) {
        Trail trail = from == null ? null : trails.get(from.slot());
        if (from == null || trail == null || from.epoch() < trail.firstEpoch) {
            return;
        }
        trail.unsent--;
        if (trail.unsent == 0 && trail.started != null) {
            ready.add(trail.started);
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
            Trail trail = trails.get(grant.slot());
            if (trail != null && grant.equals(asking(trail))) {
                List.copyOf(trail.peers).forEach(peer -> ask(grant, peer, out));
                completeIfDone(trail, out);
            }
        }
    }

    @Override
    public long nextWakeNanos() {
        return ready.isEmpty() ? NEVER : Long.MIN_VALUE;
    }

    private void start(Grant grant) {
        Trail trail = trail(grant);
        trail.started = grant;
        if (trail.unsent == 0) {
            ready.add(grant);
        }
    }

    private void answered(Incarnation peer, Grant grant, Outbox<MarkAction> out) {
        Trail trail = trails.get(grant.slot());
        if (trail != null && grant.equals(asking(trail)) && trail.peers.remove(peer)) {
            lastFrom = null;
            completeIfDone(trail, out);
        }
    }

    private void connected(Incarnation peer, long connection, Outbox<MarkAction> out) {
        connections.put(peer, connection);
        trails.values().forEach(trail -> {
            Grant grant = asking(trail);
            if (grant != null && trail.peers.contains(peer)) {
                ask(grant, peer, out);
            }
        });
    }

    private void disconnected(Incarnation peer, long connection, Outbox<MarkAction> out) {
        if (connections.remove(peer, connection)
                && trails.values().stream().anyMatch(trail -> asking(trail) != null && trail.peers.contains(peer))) {
            out.add(new MarkAction.Connect(peer));
        }
    }

    /** The expelled need not answer; a slot that is not ours any more has nothing to say (rule 21). */
    private void installed(Table table, Outbox<MarkAction> out) {
        connections.keySet().removeIf(peer -> !mustAnswer(table, peer));
        lastFrom = null;
        for (SlotId slot : List.copyOf(trails.keySet())) {
            Trail trail = trails.get(slot);
            SlotState state = table.route(slot);
            if (trail == null || state == null || !state.owner().equals(table.self())) {
                trails.remove(slot);
                continue;
            }
            if (trail.started != null && trail.started.epoch() != state.epoch()) {
                trail.started = null;
            }
            if (trail.peers.removeIf(peer -> !mustAnswer(table, peer))) {
                completeIfDone(trail, out);
            }
        }
    }

    /** Rule 19: a connection's end counts only if the peer was expelled. */
    protected boolean mustAnswer(Table table, Incarnation peer) {
        return table.view().lists(peer);
    }

    /** The grant for which MARK has been asked or may be asked now; null if there is none. */
    private static @Nullable Grant asking(Trail trail) {
        return trail.unsent == 0 ? trail.started : null;
    }

    private void ask(Grant grant, Incarnation peer, Outbox<MarkAction> out) {
        Long connection = connections.get(peer);
        out.add(
                connection == null
                        ? new MarkAction.Connect(peer)
                        : new MarkAction.Send(peer, connection, new PeerMessage.Mark(grant)));
    }

    private void completeIfDone(Trail trail, Outbox<MarkAction> out) {
        Grant grant = asking(trail);
        if (grant != null && trail.peers.isEmpty()) {
            trails.remove(grant.slot());
            out.add(new MarkAction.Complete(grant));
        }
    }
}
