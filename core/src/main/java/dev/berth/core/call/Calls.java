package dev.berth.core.call;

import dev.berth.core.call.CallAction.Ended;
import dev.berth.core.call.CallStep.Kind;
import dev.berth.core.call.Judge.Standing;
import dev.berth.core.call.Judge.Verdict;
import dev.berth.core.call.Outcome.Cause;
import dev.berth.core.call.PeerMessage.Reply;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import dev.berth.core.machine.Timers;
import dev.berth.core.wire.Bytes;
import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

// To its caller a service is one thing that answers (S2.9). This table finds the slot's owner, waits while there is
// none, follows it when it moves, tries again what surely did not run, and ends every call exactly once: answered,
// refused, or, where nobody can know whether it ran, Unknown. It says Refused only while no attempt is in doubt; a
// call with an operation id is tried again in doubt too, since running it twice has the effect of once.
//
// Submitting and answering are methods besides being events: at half a million calls a second an event's allocation
// counts.

/** The calls in flight of one loop (rules 13, 14, 17, 19). One owner. */
public class Calls implements Machine<CallEvent, CallAction> {
    private static final Bytes SENT = Bytes.EMPTY;

    private final CallLimits limits;
    private final Judge judge;
    private final RandomGenerator random;

    private Table table;
    private boolean stopped;
    private long submitted;
    private long replies;
    private int open;
    private final Sessions sessions;
    private final Timers<Flight> deadlines = new Timers<>();
    private final Lanes lanes;
    private final Lines lines = new Lines();
    private final Pilot pilot;

    /** Replies that wait for a view, or for the lease, in the order of arrival. */
    private final TreeMap<Long, Flight> early = new TreeMap<>();
    /** Ends that nobody may hear of before the node may act again (rule 13). */
    private final ArrayDeque<Ended> untold = new ArrayDeque<>();

    private final CallLog log = new CallLog();
    private boolean asleep;
    private long pollNanos = NEVER;

    /** A table whose sessions are all its own. */
    public Calls(CallLimits limits, Judge judge, MarkSet marks, Table table, RandomGenerator random) {
        this(limits, judge, marks, table, random, 0, 1, 1);
    }

    /**
     * @param lane with {@code lanes}: this loop uses the sessions with {@code session % lanes == lane}, so that a reply on a
     *     connection that several loops share says whose it is
     * @param firstSession where counting begins
     */
    public Calls(
            CallLimits limits,
            Judge judge,
            MarkSet marks,
            Table table,
            RandomGenerator random,
            int lane,
            int lanes,
            int firstSession) {
        this.limits = limits;
        this.judge = judge;
        this.table = table;
        this.random = random;
        this.sessions = new Sessions(lane, lanes, firstSession);
        this.lanes = new Lanes(limits.heldMax(), marks);
        this.pilot = new Pilot(judge, marks, sessions, lines);
    }

    @Override
    public void on(long nowNanos, CallEvent event, Outbox<CallAction> out) {
        switch (event) {
            case CallEvent.Submitted(Request request) -> submit(nowNanos, request, out);
            case CallEvent.Replied(Incarnation peer, long connection, Reply reply) ->
                replied(nowNanos, peer, connection, reply, out);
            case CallEvent.Connected(Incarnation peer, long connection) -> connected(nowNanos, peer, connection, out);
            case CallEvent.NotWritten(Incarnation peer, long connection, int session) ->
                notWritten(nowNanos, peer, connection, session, out);
            case CallEvent.Disconnected(Incarnation peer, long connection, String cause) ->
                disconnected(nowNanos, peer, connection, cause, out);
            case CallEvent.Installed(Table next) -> installed(nowNanos, next, out);
            case CallEvent.Leaving() -> pumpAll(nowNanos, out);
            case CallEvent.Resumed() -> advance(nowNanos, out);
            case CallEvent.Stopped() -> stop(nowNanos, out);
        }
    }

    /** Rule 13: while the node may not act, nothing is sent and nobody hears of an end, not even of a deadline. */
    @Override
    public void advance(long nowNanos, Outbox<CallAction> out) {
        if (!mayAct(nowNanos)) {
            return;
        }
        if (asleep) {
            asleep = false;
            untold.forEach(ended -> tell(ended, out));
            untold.clear();
            judgeEarly(nowNanos, out);
            expire(nowNanos, out);
            pumpAll(nowNanos, out);
        }
        expire(nowNanos, out);
        for (Lane lane = lanes.pollBackoff(nowNanos); lane != null; lane = lanes.pollBackoff(nowNanos)) {
            pump(nowNanos, lane, out);
        }
    }

    @Override
    public long nextWakeNanos() {
        if (asleep) {
            return open == 0 ? NEVER : pollNanos;
        }
        return Math.min(deadlines.nextNanos(), lanes.nextBackoffNanos());
    }

    /** Calls that have not ended. */
    public int inFlight() {
        return open;
    }

    /** Of those, the ones that wait to be sent. */
    public int held() {
        return lanes.held();
    }

    /** What is remembered of calls that did not end well. */
    public CallLog log() {
        return log;
    }

    /** Begins a call; its end is said by {@link Ended}, perhaps at once. */
    public final void submit(long nowNanos, Request request, Outbox<CallAction> out) {
        if (stopped) {
            refuse(nowNanos, request, RefusedReason.STOPPED, out);
        } else if (nowNanos >= request.deadlineNanos()) {
            refuse(nowNanos, request, RefusedReason.TIMED_OUT, out);
        } else if (open >= limits.inFlightMax()) {
            refuse(nowNanos, request, RefusedReason.BUSY, out);
        } else {
            if (asleep) {
                advance(nowNanos, out);
            }
            Lane lane = lanes.of(request);
            Flight flight = new Flight(request, lane, ++submitted, nowNanos);
            open++;
            deadlines.set(flight, request.deadlineNanos());
            if (lane.isWaiting() || !launch(nowNanos, flight, out)) {
                hold(nowNanos, flight, out);
            }
        }
    }

    private void refuse(long nowNanos, Request request, RefusedReason reason, Outbox<CallAction> out) {
        long call = ++submitted;
        log.keep(call, nowNanos, request, reason);
        out.add(new Ended(request, new Outcome.Refused<>(reason, 0), call));
    }

    /** Returns false if the call must wait. */
    private boolean launch(long nowNanos, Flight flight, Outbox<CallAction> out) {
        if (!mayAct(nowNanos)) {
            flight.obstacle = RefusedReason.STOPPED;
            return false;
        }
        return switch (pilot.launch(nowNanos, table, flight, out)) {
            case SENT -> {
                flight.sentNanos = nowNanos;
                flight.sentView = table.number();
                if (flight.request.oneWay()) {
                    end(nowNanos, flight, new Outcome.Done<>(SENT), out);
                }
                yield true;
            }
            case HELD -> false;
            case REFUSED -> {
                endUnrun(nowNanos, flight, flight.obstacle, 0, out);
                yield true;
            }
        };
    }

    /** What a call waits for. */
    private Object why(Flight flight) {
        SlotId slot = flight.request.to();
        return switch (flight.obstacle) {
            case MOVED, NO_OWNER -> {
                SlotState state = slot == null ? null : table.route(slot);
                yield state == null ? flight.obstacle : state;
            }
            case CLOSED -> "no connection";
            // Only whoever was refused elsewhere backs off.
            case STOPPED -> flight.lane.isSet() ? flight.obstacle : "this node may not act, or its slot is not its own";
            // As long as nothing has been tried.
            case TIMED_OUT -> "earlier calls of this caller wait";
            case BUSY, REBUILDING, NO_SUCH_PROCESS, TOO_OLD -> flight.obstacle;
        };
    }

    private void hold(long nowNanos, Flight flight, Outbox<CallAction> out) {
        flight.noteHeld(nowNanos, table.number(), why(flight));
        if (!lanes.hold(flight)) {
            endUnrun(nowNanos, flight, RefusedReason.BUSY, 0, out);
        }
    }

    private void pumpAll(long nowNanos, Outbox<CallAction> out) {
        if (lanes.held() > 0) {
            lanes.withWaiting().forEach(lane -> pump(nowNanos, lane, out));
        }
    }

    /** Sends what can be sent of a lane, in order. */
    private void pump(long nowNanos, Lane lane, Outbox<CallAction> out) {
        for (Flight first = lane.firstWaiting(); first != null; first = lane.firstWaiting()) {
            if (nowNanos >= first.request.deadlineNanos() && mayAct(nowNanos)) {
                expire(nowNanos, first, out);
            } else if (!launch(nowNanos, first, out)) {
                first.noteHeld(nowNanos, table.number(), why(first));
                return;
            }
            lanes.release(first);
        }
        lanes.forgetIfIdle(lane);
    }

    /** Takes a reply that came on a connection; the same as the event, without its allocation. */
    public final void replied(long nowNanos, Incarnation peer, long connection, Reply reply, Outbox<CallAction> out) {
        if (asleep) {
            advance(nowNanos, out);
        }
        Flight flight = sessions.get(reply.session());
        if (flight == null || flight.reply != null || !isOf(flight, peer, connection)) {
            // It has ended, or this answers an attempt that was given up.
            return;
        }
        if (!mayAct(nowNanos)) {
            keep(flight, reply);
            return;
        }
        switch (reply.result()) {
            case PeerMessage.Result.NotRun(RefusedReason reason, long hint) ->
                refused(nowNanos, flight, reason, hint, out);
            case PeerMessage.Result.Value(Bytes body) ->
                answered(nowNanos, flight, reply, new Outcome.Done<>(body), out);
            case PeerMessage.Result.Error(String kind, String message) ->
                answered(nowNanos, flight, reply, new Outcome.Failed<>(kind, message), out);
        }
    }

    private boolean isOf(Flight flight, Incarnation peer, long connection) {
        return flight.line != null && flight.line.peer.equals(peer) && flight.connection == connection;
    }

    /** Rule 17. The answer counts only if who answers and who asked still are what they were. */
    private void answered(long nowNanos, Flight flight, Reply reply, Outcome<Bytes> outcome, Outbox<CallAction> out) {
        Incarnation peer = flight.line == null ? table.self() : flight.line.peer;
        Grant from = reply.from() == null ? flight.to : reply.from();
        Verdict verdict = judge.judgeSender(table, flight.connection, peer, false, flight.connection, from);
        if (verdict == Verdict.HOLD) {
            keep(flight, reply);
            return;
        }
        Lane lane = flight.lane;
        if (judge.slotIsCurrent(table, table.self(), flight.request.from()) != Standing.CURRENT) {
            end(nowNanos, flight, new Outcome.Unknown<>(Cause.CALLER_REPLACED), out);
        } else if (verdict == Verdict.DROP) {
            lose(nowNanos, flight, Cause.OWNER_REPLACED, "", out);
        } else {
            end(nowNanos, flight, outcome, out);
        }
        pump(nowNanos, lane, out);
    }

    private void keep(Flight flight, Reply reply) {
        flight.reply = reply;
        flight.replyOrder = replies++;
        early.put(flight.replyOrder, flight);
    }

    private void judgeEarly(long nowNanos, Outbox<CallAction> out) {
        if (early.isEmpty()) {
            return;
        }
        for (Flight flight : List.copyOf(early.values())) {
            Reply reply = flight.reply;
            if (reply != null && flight.line != null) {
                early.remove(flight.replyOrder);
                flight.reply = null;
                replied(nowNanos, flight.line.peer, flight.connection, reply, out);
            }
        }
    }

    /** It surely did not run: try again where that can help. */
    private void refused(long nowNanos, Flight flight, RefusedReason reason, long hint, Outbox<CallAction> out) {
        Lane lane = flight.lane;
        Grant to = flight.to;
        flight.note(nowNanos, Kind.REFUSED, table.number(), reason);
        land(flight);
        flight.obstacle = reason;
        flight.hint = hint;
        switch (reason) {
            case MOVED, NO_OWNER -> {
                lane.awaitView = Math.max(lane.awaitView, hint);
                if (hint <= table.number() && isStill(to)) {
                    backOff(nowNanos, flight, 0);
                }
                hold(nowNanos, flight, out);
            }
            case BUSY -> {
                backOff(nowNanos, flight, hint);
                hold(nowNanos, flight, out);
            }
            case REBUILDING, STOPPED, CLOSED -> {
                backOff(nowNanos, flight, 0);
                hold(nowNanos, flight, out);
            }
            case NO_SUCH_PROCESS, TIMED_OUT, TOO_OLD -> endUnrun(nowNanos, flight, reason, hint, out);
        }
        pump(nowNanos, lane, out);
    }

    /** Whether this view would send the call to where it was refused. */
    private boolean isStill(@Nullable Grant to) {
        return to == null
                || (table.route(to.slot()) instanceof SlotState.Running running && running.epoch() == to.epoch());
    }

    private void backOff(long nowNanos, Flight flight, long hintNanos) {
        long delay = limits.backoff().delayNanos(++flight.attempts, random);
        long asked = Math.min(Math.max(0, hintNanos), limits.backoff().longestNanos());
        lanes.backOff(flight.lane, nowNanos + Math.max(delay, asked));
    }

    /** Nobody can know whether this attempt ran. With an operation id it is tried again; else the call ends. */
    private void lose(long nowNanos, Flight flight, Cause cause, String why, Outbox<CallAction> out) {
        flight.note(nowNanos, Kind.LOST, table.number(), why.isEmpty() ? cause : cause + ", " + why);
        if (flight.request.operation() == null || stopped) {
            end(nowNanos, flight, new Outcome.Unknown<>(cause), out);
        } else {
            land(flight);
            flight.doubt = cause;
            flight.obstacle = cause == Cause.CONNECTION_CLOSED ? RefusedReason.CLOSED : RefusedReason.MOVED;
            hold(nowNanos, flight, out);
        }
    }

    private void connected(long nowNanos, Incarnation peer, long connection, Outbox<CallAction> out) {
        Line former = lines.ofNode(peer);
        Line line = lines.to(peer);
        if (!line.peer.equals(peer) || connection <= line.connection) {
            return;
        }
        loseAll(nowNanos, former == null ? line : former, Cause.CONNECTION_CLOSED, "a newer one is open", out);
        line.connection = connection;
        line.asked = false;
        pumpAll(nowNanos, out);
    }

    private void notWritten(long nowNanos, Incarnation peer, long connection, int session, Outbox<CallAction> out) {
        Flight flight = sessions.get(Math.abs(session));
        if (flight != null && isOf(flight, peer, connection)) {
            flight.note(nowNanos, Kind.NOT_WRITTEN, table.number(), RefusedReason.CLOSED);
            land(flight);
            flight.obstacle = RefusedReason.CLOSED;
            hold(nowNanos, flight, out);
        }
    }

    /** D13: a closed connection ends its calls at once. */
    private void disconnected(long nowNanos, Incarnation peer, long connection, String cause, Outbox<CallAction> out) {
        Line line = lines.ofNode(peer);
        if (line == null || !line.peer.equals(peer) || line.connection != connection) {
            return;
        }
        line.connection = 0;
        line.asked = false;
        loseAll(nowNanos, line, Cause.CONNECTION_CLOSED, cause, out);
        pumpAll(nowNanos, out);
    }

    private void loseAll(long nowNanos, Line line, Cause cause, String why, Outbox<CallAction> out) {
        for (Flight flight = line.first; flight != null; flight = line.first) {
            lose(nowNanos, flight, cause, why, out);
            lanes.forgetIfIdle(flight.lane);
        }
    }

    /** Rule 14: what went to the expelled is Unknown, whatever their connections still deliver. */
    private void installed(long nowNanos, Table next, Outbox<CallAction> out) {
        table = next;
        lines.forEach(line -> {
            if (!judge.senderIsCurrent(next, line.peer)) {
                lines.forget(line);
                loseAll(nowNanos, line, Cause.PEER_EXPELLED, "", out);
            }
        });
        if (asleep) {
            advance(nowNanos, out);
        }
        if (mayAct(nowNanos)) {
            judgeEarly(nowNanos, out);
        }
        pumpAll(nowNanos, out);
    }

    private void stop(long nowNanos, Outbox<CallAction> out) {
        stopped = true;
        untold.forEach(ended -> tell(ended, out));
        untold.clear();
        for (Flight flight = deadlines.poll(NEVER); flight != null; flight = deadlines.poll(NEVER)) {
            Outcome<Bytes> outcome = flight.isUnderWay() || flight.doubt != null
                    ? new Outcome.Unknown<>(Cause.STOPPED)
                    : new Outcome.Refused<>(RefusedReason.STOPPED, 0);
            lanes.release(flight);
            tell(close(nowNanos, flight, outcome), out);
        }
    }

    private void expire(long nowNanos, Outbox<CallAction> out) {
        for (Flight flight = deadlines.poll(nowNanos); flight != null; flight = deadlines.poll(nowNanos)) {
            Lane lane = flight.lane;
            // A view that does not come within a call's deadline may never come: ask again.
            lane.awaitView = 0;
            lanes.release(flight);
            expire(nowNanos, flight, out);
            pump(nowNanos, lane, out);
        }
    }

    private void expire(long nowNanos, Flight flight, Outbox<CallAction> out) {
        if (flight.isUnderWay()) {
            end(nowNanos, flight, new Outcome.Unknown<>(Cause.DEADLINE), out);
        } else {
            endUnrun(nowNanos, flight, flight.obstacle, flight.hint, out);
        }
    }

    /** The last attempt did not run; whether an earlier one did may still be in doubt. */
    private void endUnrun(long nowNanos, Flight flight, RefusedReason reason, long hint, Outbox<CallAction> out) {
        end(
                nowNanos,
                flight,
                flight.doubt == null ? new Outcome.Refused<>(reason, hint) : new Outcome.Unknown<>(flight.doubt),
                out);
    }

    private void end(long nowNanos, Flight flight, Outcome<Bytes> outcome, Outbox<CallAction> out) {
        deadlines.cancel(flight);
        Ended ended = close(nowNanos, flight, outcome);
        if (mayAct(nowNanos)) {
            tell(ended, out);
        } else {
            untold.add(ended);
        }
    }

    /** What was kept for it is let go, but for a note of one that ended badly or was slow. */
    private Ended close(long nowNanos, Flight flight, Outcome<Bytes> outcome) {
        boolean done = outcome instanceof Outcome.Done;
        if (!done || nowNanos - flight.beganNanos > CallLog.SLOW_NANOS) {
            flight.noteAttempt();
            log.keep(flight, nowNanos, outcome);
        }
        land(flight);
        lanes.forgetIfIdle(flight.lane);
        return new Ended(flight.request, outcome, done ? 0 : flight.order);
    }

    private void tell(Ended ended, Outbox<CallAction> out) {
        open--;
        out.add(ended);
    }

    /** The attempt under way is over. */
    private void land(Flight flight) {
        if (flight.isUnderWay()) {
            sessions.close(flight);
            flight.lane.underWay--;
            if (flight.line != null) {
                flight.line.remove(flight);
            }
        }
        if (flight.reply != null) {
            early.remove(flight.replyOrder);
            flight.reply = null;
        }
    }

    private boolean mayAct(long nowNanos) {
        if (judge.mayAct(nowNanos)) {
            return true;
        }
        asleep = true;
        pollNanos = nowNanos + limits.pollNanos();
        return false;
    }
}
