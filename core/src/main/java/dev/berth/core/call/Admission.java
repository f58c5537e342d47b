package dev.berth.core.call;

import dev.berth.core.call.AdmissionAction.Deliver;
import dev.berth.core.call.AdmissionAction.Dropped;
import dev.berth.core.call.AdmissionAction.MarkAnswered;
import dev.berth.core.call.AdmissionAction.Send;
import dev.berth.core.call.AdmissionAction.Violated;
import dev.berth.core.call.Judge.Verdict;
import dev.berth.core.call.PeerMessage.Result.NotRun;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// Everything that comes in on a connection passes here, in order. What the applied view can judge is handed on at
// once; what only a later view can judge waits in the inbox and holds up all behind it, since views come from the
// master and soon. What waits for an own slot to load waits aside, per slot: loading may itself need an answer that
// comes behind it on this connection. A message counts against the bound until a process has taken it from its
// mailbox, so the bound covers mailboxes too.

/** The way in, for one identified connection (rules 13, 16, 17, 19, 20). One owner: the connection's loop. */
public class Admission implements Machine<AdmissionEvent, AdmissionAction> {
    private final AdmissionLimits limits;
    private final Judge judge;
    private final MarkSet marks;
    private final Incarnation peer;
    private final boolean hidden;
    private final long connection;

    private Table table;
    private long current;
    private boolean closed;
    private long received;
    private long pollNanos = NEVER;
    /** When the budget of something that waits is over; calls that nobody waits for give up their place. */
    private long overNanos = NEVER;

    private final Undispatched undispatched = new Undispatched();
    private final ArrayDeque<AdmissionAction> inbox = new ArrayDeque<>();
    private final TreeMap<@Nullable SlotId, TreeMap<Long, Dispatch>> aside =
            new TreeMap<>(Comparator.nullsFirst(Comparator.<SlotId>naturalOrder()));
    private final ArrayDeque<PeerMessage.Reply> answers = new ArrayDeque<>();
    /** MARKs that wait, with the number of messages that each waits for. */
    private final TreeMap<Grant, Integer> marked = new TreeMap<>();

    public Admission(
            AdmissionLimits limits,
            Judge judge,
            MarkSet marks,
            Table table,
            Incarnation peer,
            boolean hidden,
            long connection) {
        this.limits = limits;
        this.judge = judge;
        this.marks = marks;
        this.table = table;
        this.peer = peer;
        this.hidden = hidden;
        this.connection = connection;
        this.current = connection;
    }

    @Override
    public void on(long nowNanos, AdmissionEvent event, Outbox<AdmissionAction> out) {
        switch (event) {
            case AdmissionEvent.Received(PeerMessage message) -> received(nowNanos, message, out);
            case AdmissionEvent.Taken(Dispatch dispatch) -> taken(dispatch, out);
            case AdmissionEvent.Answered(Dispatch dispatch, PeerMessage.Result result) ->
                answered(nowNanos, dispatch, result, out);
            case AdmissionEvent.Returned(Dispatch dispatch) -> {
                if (dispatch.undispatched) {
                    putAside(dispatch);
                    advance(nowNanos, out);
                }
            }
            case AdmissionEvent.Installed(Table next) -> {
                table = next;
                advance(nowNanos, out);
            }
            case AdmissionEvent.Superseded(long number) -> {
                current = Math.max(current, number);
                close();
                advance(nowNanos, out);
            }
            case AdmissionEvent.Closed() -> close();
            case AdmissionEvent.Resumed() -> advance(nowNanos, out);
        }
    }

    /** Judges again all that waits. */
    @Override
    public void advance(long nowNanos, Outbox<AdmissionAction> out) {
        pollNanos = NEVER;
        overNanos = NEVER;
        sendAnswers(nowNanos, out);
        if (!pumpAside(nowNanos, out)) {
            return;
        }
        while (!inbox.isEmpty() && settle(nowNanos, inbox.getFirst(), out)) {
            if (inbox.removeFirst() instanceof Deliver deliver) {
                heard(deliver.reply().from(), out);
            }
        }
    }

    @Override
    public long nextWakeNanos() {
        return Math.min(pollNanos, overNanos);
    }

    /** Whether nothing of this connection waits any more; after the connection's end it can then be forgotten. */
    public boolean isEmpty() {
        return undispatched.size() == 0 && inbox.isEmpty();
    }

    /** The number of messages that have been admitted and not yet taken. */
    public int waiting() {
        return undispatched.size();
    }

    /** Takes a message that was read; the same as the event, without its allocation. */
    public final void received(long nowNanos, PeerMessage message, Outbox<AdmissionAction> out) {
        switch (message) {
            case PeerMessage.Call call -> receivedCall(nowNanos, call, out);
            case PeerMessage.Reply reply -> receivedReply(nowNanos, reply, out);
            case PeerMessage.Mark(Grant grant) -> receivedMark(grant, out);
            case PeerMessage.Marked(Grant grant) -> out.add(new MarkAnswered(peer, connection, grant));
            case PeerMessage.Hello _ -> out.add(new Violated("a second HELLO"));
            case PeerMessage.Goodbye _ -> {}
        }
    }

    private void receivedCall(long nowNanos, PeerMessage.Call call, Outbox<AdmissionAction> out) {
        if (undispatched.size() >= limits.inboxMax()) {
            // Perhaps with calls that nobody waits for any more.
            advance(nowNanos, out);
        }
        if (undispatched.size() >= limits.inboxMax()) {
            refuse(nowNanos, call, new NotRun(RefusedReason.BUSY, limits.busyNanos()), out);
            return;
        }
        long deadline = nowNanos + Math.min(call.budgetNanos(), NEVER - Math.max(0, nowNanos));
        Dispatch dispatch = new Dispatch(peer, hidden, connection, received++, deadline, call);
        undispatched.add(dispatch);
        queue(nowNanos, dispatch, out);
    }

    private void receivedReply(long nowNanos, PeerMessage.Reply reply, Outbox<AdmissionAction> out) {
        if (inbox.size() >= limits.inboxMax() + limits.repliesMax()) {
            out.add(new Violated("more replies than calls"));
            return;
        }
        queue(nowNanos, new Deliver(peer, connection, reply), out);
    }

    private void queue(long nowNanos, AdmissionAction arrival, Outbox<AdmissionAction> out) {
        if (!inbox.isEmpty() || !settle(nowNanos, arrival, out)) {
            inbox.addLast(arrival);
        }
    }

    /** Returns false if it must stay where it is, and with it all behind it. */
    private boolean settle(long nowNanos, AdmissionAction arrival, Outbox<AdmissionAction> out) {
        return arrival instanceof Dispatch dispatch
                ? settleCall(nowNanos, dispatch, out)
                : settleReply(nowNanos, (Deliver) arrival, out);
    }

    private boolean settleCall(long nowNanos, Dispatch dispatch, Outbox<AdmissionAction> out) {
        Verdict verdict = judge.judge(nowNanos, table, current, dispatch);
        boolean behind = !aside.isEmpty() && aside.containsKey(slot(dispatch));
        if (verdict == Verdict.AWAIT_SLOT || (verdict == Verdict.RUN && behind)) {
            putAside(dispatch);
            overNanos = Math.min(overNanos, dispatch.deadlineNanos());
            return true;
        }
        return conclude(nowNanos, dispatch, verdict, out);
    }

    private boolean conclude(long nowNanos, Dispatch dispatch, Verdict verdict, Outbox<AdmissionAction> out) {
        return switch (verdict) {
            case RUN -> {
                out.add(dispatch);
                yield true;
            }
            case NOT_NOW -> {
                pollNanos = nowNanos + limits.pollNanos();
                yield false;
            }
            case HOLD, AWAIT_SLOT -> {
                overNanos = Math.min(overNanos, dispatch.deadlineNanos());
                yield false;
            }
            case DROP -> {
                taken(dispatch, out);
                out.add(new Dropped(dispatch.call(), "from somebody who was replaced"));
                yield true;
            }
            case MOVED -> {
                taken(dispatch, out);
                refuse(nowNanos, dispatch.call(), new NotRun(RefusedReason.MOVED, table.number()), out);
                yield true;
            }
            case TIMED_OUT -> {
                taken(dispatch, out);
                refuse(nowNanos, dispatch.call(), new NotRun(RefusedReason.TIMED_OUT, 0), out);
                yield true;
            }
        };
    }

    /** Whether its epoch is over is for the call table to say, since a call that waits for it must end. */
    private boolean settleReply(long nowNanos, Deliver deliver, Outbox<AdmissionAction> out) {
        if (!judge.mayAct(nowNanos)) {
            pollNanos = nowNanos + limits.pollNanos();
            return false;
        }
        Verdict verdict = judge.judgeSender(
                table, current, peer, hidden, connection, deliver.reply().from());
        if (verdict == Verdict.HOLD) {
            return false;
        }
        out.add(deliver);
        return true;
    }

    private void putAside(Dispatch dispatch) {
        aside.computeIfAbsent(slot(dispatch), _ -> new TreeMap<>()).put(dispatch.sequence(), dispatch);
    }

    /** Returns false if the node may not act. */
    private boolean pumpAside(long nowNanos, Outbox<AdmissionAction> out) {
        for (var slots = aside.values().iterator(); slots.hasNext(); ) {
            TreeMap<Long, Dispatch> waiting = slots.next();
            for (Map.Entry<Long, Dispatch> first = waiting.firstEntry(); first != null; first = waiting.firstEntry()) {
                Dispatch dispatch = first.getValue();
                Verdict verdict = judge.judge(nowNanos, table, current, dispatch);
                if (!conclude(nowNanos, dispatch, verdict, out)) {
                    if (verdict == Verdict.NOT_NOW) {
                        return false;
                    }
                    break;
                }
                waiting.remove(first.getKey());
            }
            if (waiting.isEmpty()) {
                slots.remove();
            }
        }
        return true;
    }

    private static @Nullable SlotId slot(Dispatch dispatch) {
        Grant to = dispatch.call().to();
        return to == null ? null : to.slot();
    }

    /** The message is run or dropped; the same as the event, without its allocation. */
    public final void taken(Dispatch dispatch, Outbox<AdmissionAction> out) {
        if (undispatched.remove(dispatch)) {
            heard(dispatch.call().from(), out);
        }
    }

    /** A message on behalf of this slot has been run, delivered or dropped. */
    private void heard(@Nullable Grant from, Outbox<AdmissionAction> out) {
        if (marked.isEmpty()) {
            return;
        }
        for (var each = marked.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Grant, Integer> mark = each.next();
            if (MarkSet.covers(mark.getKey(), from)) {
                mark.setValue(mark.getValue() - 1);
                if (mark.getValue() == 0) {
                    each.remove();
                    sendMarked(mark.getKey(), out);
                }
            }
        }
    }

    /** Rule 19. It is the last that a slot sends under this epoch, so nothing is added to what it waits for. */
    private void receivedMark(Grant grant, Outbox<AdmissionAction> out) {
        int before = undispatched.countFrom(grant);
        for (AdmissionAction waiting : inbox) {
            // One that waits until this node may act again.
            if (waiting instanceof Deliver deliver
                    && MarkSet.covers(grant, deliver.reply().from())) {
                before++;
            }
        }
        if (before > 0) {
            marked.put(grant, before);
        } else {
            sendMarked(grant, out);
        }
    }

    /** An acknowledgement, so it leaves even while the node may not act (rule 13). */
    private void sendMarked(Grant grant, Outbox<AdmissionAction> out) {
        if (!closed) {
            out.add(new Send(connection, new PeerMessage.Marked(grant)));
        }
    }

    /** The handler has ended; the same as the event, without its allocation. */
    public final void answered(
            long nowNanos, Dispatch dispatch, PeerMessage.Result result, Outbox<AdmissionAction> out) {
        if (dispatch.call().session() != 0) {
            answer(
                    nowNanos,
                    new PeerMessage.Reply(
                            -dispatch.call().session(), dispatch.call().to(), result),
                    out);
        }
        taken(dispatch, out);
    }

    private void refuse(long nowNanos, PeerMessage.Call call, NotRun result, Outbox<AdmissionAction> out) {
        if (call.session() == 0) {
            out.add(new Dropped(call, result.reason().name()));
        } else {
            answer(nowNanos, new PeerMessage.Reply(-call.session(), null, result), out);
        }
    }

    private void answer(long nowNanos, PeerMessage.Reply reply, Outbox<AdmissionAction> out) {
        if (closed || answers.size() >= limits.repliesMax()) {
            out.add(new Dropped(reply, closed ? "the connection has ended" : "too many answers wait"));
            return;
        }
        if (answers.isEmpty() && judge.mayAct(nowNanos)) {
            send(reply, out);
            return;
        }
        marks.waits(reply.from());
        answers.addLast(reply);
        sendAnswers(nowNanos, out);
    }

    private void sendAnswers(long nowNanos, Outbox<AdmissionAction> out) {
        while (!answers.isEmpty()) {
            if (!judge.mayAct(nowNanos)) {
                pollNanos = nowNanos + limits.pollNanos();
                return;
            }
            PeerMessage.Reply reply = answers.removeFirst();
            send(reply, out);
            marks.waitsNoMore(reply.from());
        }
    }

    private void send(PeerMessage.Reply reply, Outbox<AdmissionAction> out) {
        if (!hidden) {
            marks.sent(reply.from(), peer);
        }
        out.add(new Send(connection, reply));
    }

    private void close() {
        closed = true;
        answers.forEach(reply -> marks.waitsNoMore(reply.from()));
        answers.clear();
        marked.clear();
    }
}
