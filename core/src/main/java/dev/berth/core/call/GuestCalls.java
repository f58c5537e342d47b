package dev.berth.core.call;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import dev.berth.core.machine.Timers;
import dev.berth.core.wire.Bytes;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// A hidden node is in no view, so nothing can be routed to it. But the node that it is connected to may say something
// to it over that one connection, as long as it may act. There is no owner to follow, no view to wait for and nothing
// to try again: what was said and not answered when the connection ends may have run.

/** The calls to one hidden node, over the connection that it has opened (rule 16). One owner: the connection's loop. */
public final class GuestCalls implements Machine<GuestEvent, CallAction> {
    /** Calls that wait for their answer; more are refused as BUSY. */
    public static final int UNDER_WAY_MAX = 1_024;

    private final Judge judge;
    private final Incarnation guest;
    private final long connection;
    private final TreeMap<Integer, Waiting> underWay = new TreeMap<>();
    private final Timers<Waiting> deadlines = new Timers<>();
    private int session;
    private boolean closed;

    /** Its timer is its deadline. */
    private static final class Waiting extends Timers.Timer {
        final int session;
        final Request request;

        Waiting(int session, Request request) {
            this.session = session;
            this.request = request;
        }
    }

    public GuestCalls(Judge judge, Incarnation guest, long connection) {
        this.judge = judge;
        this.guest = guest;
        this.connection = connection;
    }

    @Override
    public void on(long nowNanos, GuestEvent event, Outbox<CallAction> out) {
        switch (event) {
            case GuestEvent.Submitted(Request request) -> submitted(nowNanos, request, out);
            case GuestEvent.Replied(PeerMessage.Reply reply) -> {
                Waiting waiting = underWay.get(reply.session());
                if (waiting != null) {
                    end(waiting, outcome(reply.result()), out);
                }
            }
            case GuestEvent.Closed() -> {
                closed = true;
                while (!underWay.isEmpty()) {
                    end(underWay.firstEntry().getValue(), new Outcome.Unknown<>(Outcome.Cause.CONNECTION_CLOSED), out);
                }
            }
        }
    }

    @Override
    public void advance(long nowNanos, Outbox<CallAction> out) {
        for (Waiting late = deadlines.poll(nowNanos); late != null; late = deadlines.poll(nowNanos)) {
            end(late, new Outcome.Unknown<>(Outcome.Cause.DEADLINE), out);
        }
    }

    @Override
    public long nextWakeNanos() {
        return deadlines.nextNanos();
    }

    private void submitted(long nowNanos, Request request, Outbox<CallAction> out) {
        RefusedReason obstacle = obstacle(nowNanos, request);
        if (obstacle != null) {
            out.add(new CallAction.Ended(request, new Outcome.Refused<>(obstacle, 0), 0));
            return;
        }
        int number = request.oneWay() ? 0 : nextSession();
        PeerMessage.Call call = new PeerMessage.Call(
                -number,
                null,
                null,
                request.address(),
                request.deadlineNanos() - nowNanos,
                request.chain(),
                request.trace(),
                null,
                request.body());
        out.add(new CallAction.Send(guest, connection, call, request));
        if (request.oneWay()) {
            out.add(new CallAction.Ended(request, new Outcome.Done<>(Bytes.EMPTY), 0));
            return;
        }
        Waiting waiting = new Waiting(number, request);
        underWay.put(number, waiting);
        deadlines.set(waiting, request.deadlineNanos());
    }

    private @Nullable RefusedReason obstacle(long nowNanos, Request request) {
        if (closed) {
            return RefusedReason.CLOSED;
        } else if (!judge.mayAct(nowNanos)) {
            return RefusedReason.STOPPED;
        } else if (nowNanos >= request.deadlineNanos()) {
            return RefusedReason.TIMED_OUT;
        }
        return underWay.size() >= UNDER_WAY_MAX ? RefusedReason.BUSY : null;
    }

    /** Those in use are few; the numbers begin again after 2^31. */
    private int nextSession() {
        do {
            session = session == Integer.MAX_VALUE ? 1 : session + 1;
        } while (underWay.containsKey(session));
        return session;
    }

    private static Outcome<Bytes> outcome(PeerMessage.Result result) {
        return switch (result) {
            case PeerMessage.Result.Value(Bytes body) -> new Outcome.Done<>(body);
            case PeerMessage.Result.Error(String kind, String message) -> new Outcome.Failed<>(kind, message);
            case PeerMessage.Result.NotRun(RefusedReason reason, long hint) -> new Outcome.Refused<>(reason, hint);
        };
    }

    private void end(Waiting waiting, Outcome<Bytes> outcome, Outbox<CallAction> out) {
        underWay.remove(waiting.session);
        deadlines.cancel(waiting);
        out.add(new CallAction.Ended(waiting.request, outcome, 0));
    }
}
