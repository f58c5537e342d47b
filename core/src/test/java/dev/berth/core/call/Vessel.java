package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.machine.Backoff;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** One life of a node: the machines of this package under a shell that compares nothing. */
final class Vessel {
    final Flotilla sea;
    final Incarnation self;
    final Judge judge;
    final MarkSet marks;
    final Peers peers;
    final Calls calls;
    final List<Mooring> ends = new ArrayList<>();
    private final Crew crew = new Crew(this);
    final TreeSet<Grant> loaded = new TreeSet<>();
    private final TreeSet<Grant> quiescing = new TreeSet<>();
    private final TreeMap<Grant, Long> askedAt = new TreeMap<>();
    Table table;
    boolean suspended;
    boolean doomed;
    long actsSince;
    boolean dead;
    private boolean fetching;
    private long wakeAt = Long.MAX_VALUE;

    Vessel(Flotilla sea, Incarnation self, View view) {
        this.sea = sea;
        this.self = self;
        this.table = Table.of(view, self);
        this.judge = sea.rig.judge().apply(_ -> mayAct());
        this.marks = sea.rig.marks().get();
        this.peers = new Peers(new Backoff(Flotilla.MILLI, 50 * Flotilla.MILLI), table, sea.random.split());
        this.calls = new Calls(sea.rig.calls(), judge, marks, table, sea.random.split());
        Mooring loop = new Mooring(this, Link.accepted(LinkLimits.DEFAULT, judge, peers, table, true));
        loop.other = loop;
        loop.peer = this;
        establish(loop, self, Peers.LOOPBACK);
        ends.add(loop);
    }

    boolean mayAct() {
        return !suspended && !doomed && !dead;
    }

    void submit(Request request) {
        sea.log.submitted(request, this);
        if (!dead) {
            calls.submit(sea.now, request, this::act);
            settle();
        }
    }

    // -- views ----------------------------------------------------------------------------------------------------

    void fetch() {
        if (!fetching && !dead && table.number() < sea.views.getLast().number()) {
            fetching = true;
            sea.in(sea.someDelay(), () -> {
                fetching = false;
                if (!dead) {
                    install(sea.views.get(
                            (int) (table.number() + 1 - sea.views.getFirst().number())));
                    fetch();
                }
            });
        }
    }

    void install(View view) {
        table = table.installed(view);
        peers.on(sea.now, new PeersEvent.Installed(table), this::act);
        List.copyOf(ends).forEach(end -> feed(end, new LinkEvent.Installed(table)));
        publish();
        marks.on(sea.now, new MarkEvent.Installed(table), this::act);
        if (!view.lists(self)) {
            doom();
            calls.on(sea.now, new CallEvent.Stopped(), this::act);
            List.copyOf(ends).forEach(end -> feed(end, new LinkEvent.Stopped("expelled")));
            return;
        }
        Harbor.role(view).forEachUnit((i, state) -> {
            SlotId slot = Flotilla.slot(i + 1);
            if (state.owner().equals(self) && state instanceof SlotState.Running) {
                prepare(new Grant(slot, state.epoch()));
            } else if (state.owner().equals(self) && state instanceof SlotState.Draining) {
                quiesce(new Grant(slot, state.epoch()));
            }
        });
        settle();
    }

    private void publish() {
        List.copyOf(ends).stream()
                .filter(end -> end.admission != null)
                .forEach(end -> feed(end, new AdmissionEvent.Installed(table)));
        calls.on(sea.now, new CallEvent.Installed(table), this::act);
    }

    private void prepare(Grant grant) {
        if (!table.serves(grant)) {
            sea.in(sea.random.nextLong(1, 4 * sea.delayMax), () -> {
                boolean still = table.route(grant.slot()) instanceof SlotState.Running run
                        && run.owner().equals(self)
                        && run.epoch() == grant.epoch();
                if (still && !dead) {
                    loaded.add(grant);
                    table = table.serving(grant);
                    publish();
                    settle();
                }
            });
        }
    }

    private void quiesce(Grant grant) {
        if (quiescing.add(grant)) {
            table = table.withdrawn(grant);
            publish();
            flush(grant);
        }
    }

    private void flush(Grant grant) {
        sea.in(sea.someDelay(), () -> {
            if (!(table.route(grant.slot()) instanceof SlotState.Draining draining)
                    || draining.epoch() != grant.epoch()
                    || dead) {
                return;
            }
            if (crew.isAtWork(grant.slot()) || !mayAct()) {
                flush(grant);
                return;
            }
            askedAt.put(grant, sea.now);
            marks.on(sea.now, new MarkEvent.Start(grant), this::act);
            calls.on(sea.now, new CallEvent.Leaving(), this::act);
            settle();
        });
    }

    // -- faults ---------------------------------------------------------------------------------------------------

    void resume() {
        if (table.number() < sea.floor) {
            sea.in(sea.someDelay(), this::resume);
            return;
        }
        suspended = false;
        actsSince = sea.now;
        if (mayAct()) {
            List.copyOf(ends).stream()
                    .filter(end -> end.admission != null)
                    .forEach(end -> feed(end, new AdmissionEvent.Resumed()));
            calls.on(sea.now, new CallEvent.Resumed(), this::act);
            settle();
        }
    }

    void doom() {
        doomed = true;
    }

    void kill() {
        dead = true;
        sea.log.killed(this);
        List.copyOf(ends).forEach(Vessel::reset);
    }

    /** Either end notices in its own time; what is under way may still arrive until then. */
    static void reset(Mooring end) {
        if (end.other == null) {
            return;
        }
        end.broken = end.vessel.sea.random.nextBoolean();
        end.other.broken = end.vessel.sea.random.nextBoolean();
        for (Mooring each : List.of(end, end.other)) {
            Vessel vessel = each.vessel;
            vessel.sea.in(vessel.sea.someDelay(), () -> vessel.close(each));
        }
    }

    private void close(Mooring end) {
        if (end.open && !dead) {
            end.open = false;
            feed(end, new LinkEvent.Closed());
            settle();
        }
    }

    // -- connections ----------------------------------------------------------------------------------------------

    private void dial(Incarnation peer, long number) {
        Vessel target = sea.vessel(peer);
        Mooring near = new Mooring(this, Link.dialed(LinkLimits.DEFAULT, judge, peers, table, peer, number));
        near.dial = new Mooring.Dial(peer, number);
        ends.add(near);
        sea.in(sea.someDelay(), () -> {
            // Behind an address may be a later life of the node.
            Vessel met = sea.vessels.values().stream()
                    .filter(v -> v.self.node().equals(peer.node()) && !v.dead)
                    .reduce((earlier, later) -> later)
                    .orElse(target);
            if (dead || !near.open) {
                return;
            }
            if (met.dead) {
                near.open = false;
                feed(near, new LinkEvent.Closed());
                settle();
                return;
            }
            Mooring far = new Mooring(met, Link.accepted(LinkLimits.DEFAULT, met.judge, met.peers, met.table, false));
            near.peer = met;
            far.peer = this;
            near.other = far;
            far.other = near;
            met.ends.add(far);
            met.feed(far, new LinkEvent.Opened());
            feed(near, new LinkEvent.Opened());
            met.settle();
            settle();
        });
    }

    void read(Mooring end, PeerMessage message) {
        if (dead) {
            return;
        }
        if (end.admission != null) {
            feed(end, new AdmissionEvent.Received(message));
        } else {
            feed(end, new LinkEvent.Received(message));
        }
        settle();
    }

    private void feed(Mooring end, LinkEvent event) {
        end.link.on(sea.now, event, action -> act(end, action));
    }

    void feed(Mooring end, AdmissionEvent event) {
        Objects.requireNonNull(end.admission).on(sea.now, event, action -> act(end, action));
    }

    private void act(Mooring end, LinkAction action) {
        switch (action) {
            case LinkAction.Send(PeerMessage message) -> {
                if (end.other != null) {
                    end.write(message);
                }
            }
            case LinkAction.Supersede(Incarnation peer, long connection, long by) ->
                ends(peer, connection).forEach(old -> {
                    feed(old, new AdmissionEvent.Superseded(by));
                    feed(old, new LinkEvent.Stopped("superseded"));
                });
            case LinkAction.CancelDial(Incarnation peer, long connection) -> cancel(peer, connection);
            case LinkAction.Established(Incarnation peer, boolean _, long connection, int _) ->
                establish(end, peer, connection);
            case LinkAction.Forward(PeerMessage message) -> feed(end, new AdmissionEvent.Received(message));
            case LinkAction.Down(Incarnation peer, boolean _, long connection) -> {
                if (end.admission != null) {
                    feed(end, new AdmissionEvent.Closed());
                }
                end.takeUnwritten()
                        .forEach(session ->
                                calls.on(sea.now, new CallEvent.NotWritten(peer, connection, session), this::act));
                peers.on(sea.now, new PeersEvent.Ended(peer, connection), this::act);
                calls.on(sea.now, new CallEvent.Disconnected(peer, connection, ""), this::act);
                marks.on(sea.now, new MarkEvent.Disconnected(peer, connection), this::act);
            }
            case LinkAction.Close(String _) -> {
                end.open = false;
                if (end.other != null) {
                    Mooring far = end.other;
                    sea.in(sea.delayMax, () -> far.vessel.close(far));
                }
            }
        }
    }

    private List<Mooring> ends(Incarnation peer, long connection) {
        return ends.stream().filter(end -> end.is(peer, connection)).toList();
    }

    private void cancel(Incarnation peer, long connection) {
        List.copyOf(ends).stream()
                .filter(end -> new Mooring.Dial(peer, connection).equals(end.dial))
                .forEach(end -> {
                    end.open = false;
                    feed(end, new LinkEvent.Stopped("cancelled"));
                });
    }

    private void establish(Mooring end, Incarnation peer, long connection) {
        end.number = connection;
        end.admission = new Admission(sea.rig.admission(), judge, marks, table, peer, false, connection);
        calls.on(sea.now, new CallEvent.Connected(peer, connection), this::act);
        marks.on(sea.now, new MarkEvent.Connected(peer, connection), this::act);
    }

    // -- actions --------------------------------------------------------------------------------------------------

    private void act(PeersAction action) {
        switch (action) {
            case PeersAction.Dial(Incarnation peer, long connection) -> dial(peer, connection);
            case PeersAction.CancelDial(Incarnation peer, long connection) -> cancel(peer, connection);
        }
    }

    private void act(CallAction action) {
        switch (action) {
            case CallAction.Send(Incarnation peer, long connection, PeerMessage.Call call, Request _) ->
                write(peer, connection, call);
            case CallAction.Connect(Incarnation peer) -> peers.on(sea.now, new PeersEvent.Wanted(peer), this::act);
            case CallAction.Ended(Request request, Outcome<Bytes> outcome, long _) ->
                sea.log.ended(request, outcome, this);
        }
    }

    private void act(MarkAction action) {
        switch (action) {
            case MarkAction.Send(Incarnation peer, long connection, PeerMessage.Mark mark) ->
                write(peer, connection, mark);
            case MarkAction.Connect(Incarnation peer) -> peers.on(sea.now, new PeersEvent.Wanted(peer), this::act);
            case MarkAction.Complete(Grant grant) -> {
                sea.log.marked(sea.now - Objects.requireNonNull(askedAt.get(grant)));
                sea.in(sea.someDelay(), () -> sea.released(grant));
            }
        }
    }

    private void write(Incarnation peer, long connection, PeerMessage message) {
        List<Mooring> found =
                ends(peer, connection).stream().filter(end -> end.open).toList();
        if (found.size() != 1) {
            throw new IllegalStateException(self + " has " + found.size() + " connections " + peer + "#" + connection);
        }
        found.getFirst().write(message);
    }

    private void act(Mooring end, AdmissionAction action) {
        switch (action) {
            case Dispatch dispatch -> crew.receive(dispatch);
            case AdmissionAction.Deliver(Incarnation peer, long connection, PeerMessage.Reply reply) ->
                calls.replied(sea.now, peer, connection, reply, this::act);
            case AdmissionAction.Send(long _, PeerMessage message) -> {
                if (end.open) {
                    end.write(message);
                }
            }
            case AdmissionAction.MarkAnswered(Incarnation peer, long connection, Grant grant) ->
                marks.on(sea.now, new MarkEvent.Answered(peer, connection, grant), this::act);
            case AdmissionAction.Dropped(PeerMessage message, String cause) -> sea.log.dropped(message, cause);
            case AdmissionAction.Violated(String cause) -> throw new IllegalStateException(cause);
        }
    }

    // -- time -----------------------------------------------------------------------------------------------------

    /** Sees to it that every machine is woken when it wants to be. */
    void settle() {
        sea.log.bounds(this);
        long next = Math.min(calls.nextWakeNanos(), Math.min(peers.nextWakeNanos(), marks.nextWakeNanos()));
        for (Mooring end : ends) {
            next = Math.min(next, end.link.nextWakeNanos());
            next = end.admission == null ? next : Math.min(next, end.admission.nextWakeNanos());
        }
        if (next < wakeAt) {
            wakeAt = Math.max(next, sea.now);
            long at = wakeAt;
            sea.in(at - sea.now, () -> wake(at));
        }
    }

    private void wake(long at) {
        if (wakeAt != at || dead) {
            return;
        }
        wakeAt = Long.MAX_VALUE;
        peers.advance(sea.now, this::act);
        for (Mooring end : List.copyOf(ends)) {
            end.link.advance(sea.now, action -> act(end, action));
            if (end.admission != null) {
                end.admission.advance(sea.now, action -> act(end, action));
            }
        }
        calls.advance(sea.now, this::act);
        marks.advance(sea.now, this::act);
        ends.removeIf(end -> !end.open && end.isWritten() && (end.admission == null || end.admission.isEmpty()));
        settle();
    }
}
