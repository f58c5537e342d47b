package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotState;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

// Rules 12, 13, 16 and 17 in one place. A thread can be paused between any check and its effect, so a message is
// judged where it lands and at the last moment: when it is handed on, and once more when a process takes it from its
// mailbox. Each safety decision is a protected method of its own; the simulator takes one away at a time and shows
// that it is needed.

/** Says what happens to a message, by the table of this instant. Has no state of its own; any thread. */
public class Judge {
    private final LongPredicate mayAct;

    /** @param mayAct says at any time whether this node's lease holds (rule 12) */
    public Judge(LongPredicate mayAct) {
        this.mayAct = mayAct;
    }

    /** What is to be done with a message. */
    public enum Verdict {
        /** Run it, deliver it. */
        RUN,
        /** The node may not act: ask again when it may (rule 13). */
        NOT_NOW,
        /** The sender has applied a view that this node has not: ask again after the next view. */
        HOLD,
        /** The slot is granted to this node, which has not fenced and loaded it yet: ask again when it serves (rule 20). */
        AWAIT_SLOT,
        /** It comes from somebody who has been replaced. */
        DROP,
        /** Refuse: the slot is not here, or about to leave. */
        MOVED,
        /** Refuse: the caller's budget is over. */
        TIMED_OUT
    }

    /** How the slot and epoch in a message's header compare to the applied view. */
    public enum Standing {
        CURRENT,
        /** Of an epoch that is over. */
        STALE,
        /** Of an epoch that only a later view knows. */
        AHEAD
    }

    /**
     * Judges a call or one-way message that is about to be handed on or run.
     *
     * @param current the number of the newest accepted connection with the sender
     */
    public final Verdict judge(long nowNanos, Table table, long current, Dispatch dispatch) {
        if (!mayAct(nowNanos)) {
            return Verdict.NOT_NOW;
        }
        Verdict sender = judgeSender(
                table,
                current,
                dispatch.peer(),
                dispatch.hidden(),
                dispatch.connection(),
                dispatch.call().from());
        if (sender == Verdict.DROP) {
            return sender;
        }
        if (budgetIsOver(nowNanos, dispatch.deadlineNanos())) {
            return Verdict.TIMED_OUT;
        }
        if (sender == Verdict.HOLD) {
            return sender;
        }
        Grant to = dispatch.call().to();
        return to == null ? Verdict.RUN : mayDispatch(table, to);
    }

    /** Judges the sender of any message: RUN, HOLD or DROP. */
    public final Verdict judgeSender(
            Table table, long current, Incarnation peer, boolean hidden, long connection, @Nullable Grant from) {
        if (hidden) {
            // It owns no slot, and its connections do not replace each other.
            return from == null ? Verdict.RUN : Verdict.DROP;
        }
        if (!connectionIsCurrent(connection, current) || !senderIsCurrent(table, peer)) {
            return Verdict.DROP;
        }
        return switch (slotIsCurrent(table, peer, from)) {
            case CURRENT -> Verdict.RUN;
            case STALE -> Verdict.DROP;
            case AHEAD -> Verdict.HOLD;
        };
    }

    /** Rules 12 and 13: nothing is dispatched, sent or delivered outside the lease. */
    protected boolean mayAct(long nowNanos) {
        return mayAct.test(nowNanos);
    }

    /** Rule 16: a connection meant for a former life of this node is not for this one. */
    protected boolean isMeantForUs(Table table, Incarnation to) {
        return table.self().equals(to);
    }

    /** Rule 16: what a peer says of itself is judged by a view at least as new as the peer's. */
    protected boolean isApplied(Table table, long view) {
        return table.number() >= view;
    }

    /** Rule 16: a message of connection n is void once connection n+1 of the pair is accepted. */
    protected boolean connectionIsCurrent(long connection, long current) {
        return connection >= current;
    }

    /** Rule 17: the sender's incarnation is listed by the applied view. */
    protected boolean senderIsCurrent(Table table, Incarnation peer) {
        return table.view().lists(peer);
    }

    /** Rule 17: the slot on whose behalf a node sends is its own, under the epoch in the header. */
    protected Standing slotIsCurrent(Table table, Incarnation sender, @Nullable Grant from) {
        if (from == null) {
            return Standing.CURRENT;
        }
        if (from.epoch() > table.number()) {
            return Standing.AHEAD;
        }
        SlotState state = table.route(from.slot());
        boolean same =
                state != null && state.epoch() == from.epoch() && state.owner().equals(sender);
        return same ? Standing.CURRENT : Standing.STALE;
    }

    /** Rule 17: the slot addressed is this node's under that epoch, runs, and serves. */
    protected Verdict mayDispatch(Table table, Grant to) {
        if (to.epoch() > table.number()) {
            return Verdict.HOLD;
        }
        SlotState state = table.route(to.slot());
        if (state == null || state.epoch() != to.epoch() || !state.owner().equals(table.self())) {
            return Verdict.MOVED;
        }
        return switch (state) {
            case SlotState.Running _ -> table.serves(to) ? Verdict.RUN : Verdict.AWAIT_SLOT;
            // The caller has applied the view in which it runs, and this node has not yet.
            case SlotState.Offered _ -> Verdict.AWAIT_SLOT;
            case SlotState.Draining _, SlotState.Free _, SlotState.Parked _ -> Verdict.MOVED;
        };
    }

    /** Rule 13: a call whose caller has stopped waiting is not run. */
    protected boolean budgetIsOver(long nowNanos, long deadlineNanos) {
        return nowNanos >= deadlineNanos;
    }
}
