package dev.berth.core.call;

import dev.berth.core.call.CallAction.Ended;
import dev.berth.core.call.Judge.Standing;
import dev.berth.core.call.Judge.Verdict;
import dev.berth.core.call.Outcome.Cause;
import dev.berth.core.call.PeerMessage.Reply;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.Trie;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import dev.berth.core.machine.Timers;
import dev.berth.core.wire.Bytes;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

// To its caller a service is one thing that answers (S2.9). This table finds the slot's owner, waits while there is
// none,
// follows it when it moves, tries again what surely did not run, and ends every call exactly once: answered, refused,
// or,
// where nobody can know whether it ran, Unknown. It says Refused only while no attempt is in doubt; a call with an
// operation
// id is tried again in doubt too, since running it twice has the effect of once.
//
// Submitting and answering are methods besides being events: at half a million calls a second the event's allocation
// counts.

/** The calls in flight of one loop (rules 13, 14, 17, 19). One owner. */
public class Calls implements Machine<CallEvent, CallAction> {
    private static final Bytes SENT = Bytes.EMPTY;

    private final CallLimits limits;
    private final Judge judge;
    private final MarkSet marks;
    private final RandomGenerator random;

    private Table table;
    private boolean stopped;
    private long submitted;
    private long replies;
    private int open;
    private int waiting;
    private final Sessions sessions;
    private final Timers<Flight> deadlines = new Timers<>();
    private final Timers<Lane> backoffs = new Timers<>();
    private final Map<Lane.Key, Lane> lanes = new LinkedHashMap<>();
    private final Map<Lane.Key, Lane> held = new LinkedHashMap<>();
    private Trie<Line> lines = Trie.empty();

    /** Replies that wait for a view, or for the lease, in the order of arrival. */
    private final TreeMap<Long, Flight> early = new TreeMap<>();
    /** Ends that nobody may hear of before the node may act again (rule 13). */
    private final ArrayDeque<Ended> untold = new ArrayDeque<>();

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
        this.marks = marks;
        this.table = table;
        this.random = random;
        this.sessions = new Sessions(lane, lanes, firstSession);
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
            case CallEvent.Disconnected(Incarnation peer, long connection) ->
                disconnected(nowNanos, peer, connection, out);
            case CallEvent.Installed(Table next) -> installed(nowNanos, next, out);
            case CallEvent.Resumed() -> advance(nowNanos, out);
            case CallEvent.Stopped() -> stop(out);
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
        for (Lane lane = backoffs.poll(nowNanos); lane != null; lane = backoffs.poll(nowNanos)) {
            pump(nowNanos, lane, out);
        }
    }

    @Override
    public long nextWakeNanos() {
        if (asleep) {
            return open == 0 ? NEVER : pollNanos;
        }
        return Math.min(deadlines.nextNanos(), backoffs.nextNanos());
    }

    /** Calls that have not ended. */
    public int inFlight() {
        return open;
    }

    /** Of those, the ones that wait to be sent. */
    public int held() {
        return waiting;
    }

    /** Begins a call; its end is said by {@link Ended}, perhaps at once. */
    public final void submit(long nowNanos, Request request, Outbox<CallAction> out) {
        if (stopped) {
            out.add(new Ended(request, new Outcome.Refused<>(RefusedReason.STOPPED, 0)));
        } else if (nowNanos >= request.deadlineNanos()) {
            out.add(new Ended(request, new Outcome.Refused<>(RefusedReason.TIMED_OUT, 0)));
        } else if (open >= limits.inFlightMax()) {
            out.add(new Ended(request, new Outcome.Refused<>(RefusedReason.BUSY, 0)));
        } else {
            if (asleep) {
                advance(nowNanos, out);
            }
            Lane.Key key = new Lane.Key(request.caller(), request.to(), request.to() == null ? request.address() : 0);
            Lane lane = lanes.computeIfAbsent(key, Lane::new);
            Flight flight = new Flight(request, lane, submitted++);
            open++;
            deadlines.set(flight, request.deadlineNanos());
            if (!lane.waiting.isEmpty() || !launch(nowNanos, flight, out)) {
                hold(nowNanos, flight, out);
            }
        }
    }

    /** Sends the call if it can be sent now. Returns false if it must wait. */
    private boolean launch(long nowNanos, Flight flight, Outbox<CallAction> out) {
        Request request = flight.request;
        Lane lane = flight.lane;
        if (!mayAct(nowNanos)) {
            return obstructed(flight, RefusedReason.STOPPED);
        }
        if (lane.isSet() || lane.awaitView > table.number()) {
            return false;
        }
        switch (judge.slotIsCurrent(table, table.self(), request.from())) {
            case CURRENT -> {}
            case AHEAD -> {
                return obstructed(flight, RefusedReason.MOVED);
            }
            case STALE -> {
                endUnrun(nowNanos, flight, RefusedReason.STOPPED, 0, out);
                return true;
            }
        }
        SlotId slot = request.to();
        return slot == null ? launchToProcess(nowNanos, flight, out) : launchToSlot(nowNanos, flight, slot, out);
    }

    /** Rule 19: only a running slot is called; whatever else it is, the call waits for a view. */
    private boolean launchToSlot(long nowNanos, Flight flight, SlotId slot, Outbox<CallAction> out) {
        return switch (table.route(slot)) {
            case SlotState.Running(Incarnation owner, long epoch) ->
                launchTo(nowNanos, flight, owner, new Grant(slot, epoch), out);
            case SlotState.Offered _, SlotState.Draining _ -> obstructed(flight, RefusedReason.MOVED);
            case SlotState.Free _, SlotState.Parked _ -> obstructed(flight, RefusedReason.NO_OWNER);
            case null -> obstructed(flight, RefusedReason.NO_OWNER);
        };
    }

    private boolean launchToProcess(long nowNanos, Flight flight, Outbox<CallAction> out) {
        Listing node = table.view().member(new NodeId(Request.node(flight.request.address())));
        if (node == null) {
            endUnrun(nowNanos, flight, RefusedReason.NO_SUCH_PROCESS, 0, out);
            return true;
        }
        return launchTo(nowNanos, flight, node.incarnation(), null, out);
    }

    private boolean launchTo(
            long nowNanos, Flight flight, Incarnation owner, @Nullable Grant to, Outbox<CallAction> out) {
        Line line = line(owner);
        if (!line.peer.equals(owner)) {
            return obstructed(flight, RefusedReason.MOVED);
        }
        if (!line.isOpen()) {
            if (!line.asked) {
                line.asked = true;
                out.add(new CallAction.Connect(owner));
            }
            return obstructed(flight, RefusedReason.CLOSED);
        }
        Lane lane = flight.lane;
        long epoch = to == null ? 0 : to.epoch();
        if (!lane.leadsTo(line.connection, epoch)) {
            return obstructed(flight, RefusedReason.MOVED);
        }
        lane.connection = line.connection;
        lane.epoch = epoch;
        send(nowNanos, flight, line, to, out);
        return true;
    }

    private void send(long nowNanos, Flight flight, Line line, @Nullable Grant to, Outbox<CallAction> out) {
        Request request = flight.request;
        marks.sent(request.from(), line.peer);
        if (!request.oneWay()) {
            sessions.open(flight);
            flight.to = to;
            flight.lane.underWay++;
            line.add(flight);
        }
        out.add(new CallAction.Send(
                line.peer,
                line.connection,
                new PeerMessage.Call(
                        -flight.session,
                        to,
                        request.from(),
                        request.address(),
                        request.deadlineNanos() - nowNanos,
                        request.chain(),
                        request.trace(),
                        request.operation(),
                        request.body()),
                request));
        if (request.oneWay()) {
            end(nowNanos, flight, new Outcome.Done<>(SENT), out);
        }
    }

    private static boolean obstructed(Flight flight, RefusedReason obstacle) {
        flight.obstacle = obstacle;
        flight.hint = 0;
        return false;
    }

    /** Puts the call into its lane, in its place. */
    private void hold(long nowNanos, Flight flight, Outbox<CallAction> out) {
        if (waiting >= limits.heldMax()) {
            endUnrun(nowNanos, flight, RefusedReason.BUSY, 0, out);
            return;
        }
        waiting++;
        flight.lane.waiting.put(flight.order, flight);
        held.putIfAbsent(flight.lane.key, flight.lane);
        marks.waits(flight.request.from());
    }

    private void unhold(Flight flight) {
        if (flight.lane.waiting.remove(flight.order) != null) {
            waiting--;
            if (flight.lane.waiting.isEmpty()) {
                held.remove(flight.lane.key);
            }
            marks.waitsNoMore(flight.request.from());
        }
    }

    private void pumpAll(long nowNanos, Outbox<CallAction> out) {
        if (waiting > 0) {
            List.copyOf(held.values()).forEach(lane -> pump(nowNanos, lane, out));
        }
    }

    /** Sends what can be sent of a lane, in order. */
    private void pump(long nowNanos, Lane lane, Outbox<CallAction> out) {
        while (!lane.waiting.isEmpty()) {
            Flight first = lane.waiting.firstEntry().getValue();
            if (nowNanos >= first.request.deadlineNanos() && mayAct(nowNanos)) {
                expire(nowNanos, first, out);
            } else if (!launch(nowNanos, first, out)) {
                return;
            }
            unhold(first);
        }
        forgetIfIdle(lane);
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
        return flight.line != null
                && flight.line.peer.equals(peer)
                && judge.connectionIsCurrent(connection, flight.connection);
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
            lose(nowNanos, flight, Cause.OWNER_REPLACED, out);
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
        backoffs.set(flight.lane, nowNanos + Math.max(delay, asked));
    }

    /** Nobody can know whether this attempt ran. With an operation id it is tried again; else the call ends. */
    private void lose(long nowNanos, Flight flight, Cause cause, Outbox<CallAction> out) {
        if (flight.request.operation() == null || stopped) {
            end(nowNanos, flight, new Outcome.Unknown<>(cause), out);
        } else {
            land(flight);
            flight.doubt = cause;
            hold(nowNanos, flight, out);
        }
    }

    private void connected(long nowNanos, Incarnation peer, long connection, Outbox<CallAction> out) {
        Line former = lines.get(peer.node().value());
        Line line = line(peer);
        if (!line.peer.equals(peer) || connection <= line.connection) {
            return;
        }
        loseAll(nowNanos, former == null ? line : former, Cause.CONNECTION_CLOSED, out);
        line.connection = connection;
        line.asked = false;
        pumpAll(nowNanos, out);
    }

    private void notWritten(long nowNanos, Incarnation peer, long connection, int session, Outbox<CallAction> out) {
        Flight flight = sessions.get(Math.abs(session));
        if (flight != null && isOf(flight, peer, connection)) {
            land(flight);
            flight.obstacle = RefusedReason.CLOSED;
            hold(nowNanos, flight, out);
        }
    }

    /** D13: a closed connection ends its calls at once. */
    private void disconnected(long nowNanos, Incarnation peer, long connection, Outbox<CallAction> out) {
        Line line = lines.get(peer.node().value());
        if (line == null || !line.peer.equals(peer) || line.connection != connection) {
            return;
        }
        line.connection = 0;
        line.asked = false;
        loseAll(nowNanos, line, Cause.CONNECTION_CLOSED, out);
        pumpAll(nowNanos, out);
    }

    private void loseAll(long nowNanos, Line line, Cause cause, Outbox<CallAction> out) {
        for (Flight flight = line.first; flight != null; flight = line.first) {
            lose(nowNanos, flight, cause, out);
            forgetIfIdle(flight.lane);
        }
    }

    /** Rule 14: what went to the expelled is Unknown, whatever their connections still deliver. */
    private void installed(long nowNanos, Table next, Outbox<CallAction> out) {
        table = next;
        lines.forEach((id, line) -> {
            if (!judge.senderIsCurrent(next, line.peer, false)) {
                lines = lines.without(id);
                loseAll(nowNanos, line, Cause.PEER_EXPELLED, out);
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

    /** The line to the peer, or to a later life of that node if there already is one. */
    private Line line(Incarnation peer) {
        Line line = lines.get(peer.node().value());
        if (line == null || line.peer.number() < peer.number()) {
            line = new Line(peer);
            lines = lines.with(peer.node().value(), line);
        }
        return line;
    }

    private void stop(Outbox<CallAction> out) {
        stopped = true;
        untold.forEach(ended -> tell(ended, out));
        untold.clear();
        for (Flight flight = deadlines.poll(NEVER); flight != null; flight = deadlines.poll(NEVER)) {
            Outcome<Bytes> outcome = flight.isUnderWay() || flight.doubt != null
                    ? new Outcome.Unknown<>(Cause.STOPPED)
                    : new Outcome.Refused<>(RefusedReason.STOPPED, 0);
            unhold(flight);
            land(flight);
            forgetIfIdle(flight.lane);
            tell(new Ended(flight.request, outcome), out);
        }
    }

    private void expire(long nowNanos, Outbox<CallAction> out) {
        for (Flight flight = deadlines.poll(nowNanos); flight != null; flight = deadlines.poll(nowNanos)) {
            Lane lane = flight.lane;
            unhold(flight);
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
        land(flight);
        forgetIfIdle(flight.lane);
        Ended ended = new Ended(flight.request, outcome);
        if (mayAct(nowNanos)) {
            tell(ended, out);
        } else {
            untold.add(ended);
        }
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

    private void forgetIfIdle(Lane lane) {
        if (lane.isIdle() && lanes.remove(lane.key, lane)) {
            backoffs.cancel(lane);
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
