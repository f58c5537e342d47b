package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.machine.Outbox;
import org.jspecify.annotations.Nullable;

/** Takes calls out: finds who owns the slot by the applied view and whether the way there is free. One owner. */
final class Pilot {
    /** What became of a call that was to be sent. */
    enum Departure {
        SENT,
        /** Not now; the flight's obstacle says why. */
        HELD,
        /** Never: it ends with the flight's obstacle as the reason. */
        REFUSED
    }

    private final Judge judge;
    private final MarkSet marks;
    private final Sessions sessions;
    private final Lines lines;

    Pilot(Judge judge, MarkSet marks, Sessions sessions, Lines lines) {
        this.judge = judge;
        this.marks = marks;
        this.sessions = sessions;
        this.lines = lines;
    }

    /** Sends the call if it can be sent now. That the node may act has been asked. */
    Departure launch(long nowNanos, Table table, Flight flight, Outbox<CallAction> out) {
        Lane lane = flight.lane;
        if (lane.isSet() || lane.awaitView > table.number()) {
            return Departure.HELD;
        }
        return switch (judge.slotIsCurrent(table, table.self(), flight.request.from())) {
            case CURRENT -> launchToTarget(nowNanos, table, flight, out);
            case AHEAD -> held(flight, RefusedReason.MOVED);
            // The caller has lost the slot it speaks for; nobody would listen (rule 17).
            case STALE -> refused(flight, RefusedReason.STOPPED);
        };
    }

    private Departure launchToTarget(long nowNanos, Table table, Flight flight, Outbox<CallAction> out) {
        SlotId slot = flight.request.to();
        return slot == null
                ? launchToProcess(nowNanos, table, flight, out)
                : launchToSlot(nowNanos, table, flight, slot, out);
    }

    private Departure launchToProcess(long nowNanos, Table table, Flight flight, Outbox<CallAction> out) {
        Listing node = table.view().member(new Address(flight.request.address()).node());
        return node == null
                ? refused(flight, RefusedReason.NO_SUCH_PROCESS)
                : launchTo(nowNanos, flight, node.incarnation(), null, out);
    }

    /** Rule 19: only a running slot is called; whatever else it is, the call waits for a view. */
    private Departure launchToSlot(long nowNanos, Table table, Flight flight, SlotId slot, Outbox<CallAction> out) {
        return switch (table.route(slot)) {
            case SlotState.Running(Incarnation owner, long epoch) ->
                launchTo(nowNanos, flight, owner, new Grant(slot, epoch), out);
            case SlotState.Offered _ -> held(flight, RefusedReason.MOVED);
            // Whoever leaves would wait for whoever leaves, perhaps for itself, until the deadline (rule 19).
            case SlotState.Draining _ ->
                marks.isAsked(flight.request.from())
                        ? refused(flight, RefusedReason.STOPPED)
                        : held(flight, RefusedReason.MOVED);
            case SlotState.Free _, SlotState.Parked _ -> held(flight, RefusedReason.NO_OWNER);
            case null -> held(flight, RefusedReason.NO_OWNER);
        };
    }

    private Departure launchTo(
            long nowNanos, Flight flight, Incarnation owner, @Nullable Grant to, Outbox<CallAction> out) {
        Line line = lines.to(owner);
        if (!line.peer.equals(owner)) {
            // A connection with the node's next life is open already; the view that lists it will come.
            return held(flight, RefusedReason.MOVED);
        }
        if (!line.isOpen()) {
            if (!line.asked) {
                line.asked = true;
                out.add(new CallAction.Connect(owner));
            }
            return held(flight, RefusedReason.CLOSED);
        }
        if (!flight.lane.leadsTo(line.connection, to == null ? 0 : to.epoch())) {
            return held(flight, RefusedReason.MOVED);
        }
        send(nowNanos, flight, line, to, out);
        return Departure.SENT;
    }

    private void send(long nowNanos, Flight flight, Line line, @Nullable Grant to, Outbox<CallAction> out) {
        Request request = flight.request;
        Lane lane = flight.lane;
        lane.connection = line.connection;
        lane.epoch = to == null ? 0 : to.epoch();
        marks.sent(request.from(), line.peer);
        if (!request.oneWay()) {
            sessions.open(flight);
            flight.to = to;
            lane.underWay++;
            line.add(flight);
        }
        PeerMessage.Call call = new PeerMessage.Call(
                -flight.session,
                to,
                request.from(),
                request.address(),
                budget(nowNanos, request.deadlineNanos()),
                request.chain(),
                request.trace(),
                request.operation(),
                flight.doubt != null,
                request.body());
        out.add(new CallAction.Send(line.peer, line.connection, call, request));
    }

    private static long budget(long nowNanos, long deadlineNanos) {
        long budget = deadlineNanos - nowNanos;
        return budget < 0 ? Long.MAX_VALUE : budget;
    }

    private static Departure held(Flight flight, RefusedReason obstacle) {
        flight.obstacle = obstacle;
        flight.hint = 0;
        return Departure.HELD;
    }

    private static Departure refused(Flight flight, RefusedReason obstacle) {
        held(flight, obstacle);
        return Departure.REFUSED;
    }
}
