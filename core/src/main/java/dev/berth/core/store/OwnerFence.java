package dev.berth.core.store;

import dev.berth.core.cluster.Grant;
import dev.berth.core.store.Fences.FenceAnswer;
import dev.berth.core.store.Fences.WriteAnswer;

// The owner may write only behind its own fence. The fence lives in the store, and the store can fail over to a
// replica that never saw it: so each fail-over, and each write answered with "fence missing", takes the owner back
// to the start. Attempts are numbered, because an answer of the store before the fail-over says nothing about the
// store after it.

/** What one owner knows of the fence of one grant (rules 18, 26). One thread: the owner of the slot. */
public class OwnerFence {
    /** Where the fence stands, as far as the owner knows. Any thread. */
    public sealed interface State {
        /** Nothing is asserted: assert before the next write. */
        record Missing() implements State {}

        /** The assertion with this number is under way. */
        record Asserting(long attempt) implements State {}

        /** The store has it. */
        record Held() implements State {}

        /** A later owner's fence stands: give the slot up. Final. */
        record Superseded(long storedEpoch) implements State {}

        /**
         * The store has an epoch higher than any view that this node knows: either a later owner was faster than the news of
         * it, or the coordinator was wiped and counts from the start. Give the slot up and report the epoch: the master, which
         * knows the newest view, tells the two apart. Final.
         */
        record BeyondViews(long storedEpoch, long newestView) implements State {}

        /** The store has no room for another fence: give the slot up. Final. */
        record NoRoom(int slotsMax) implements State {}
    }

    private final Grant grant;
    private long attempts;
    private State state = new State.Missing();

    public OwnerFence(Grant grant) {
        this.grant = grant;
    }

    public Grant grant() {
        return grant;
    }

    public State state() {
        return state;
    }

    /** Whether a write may be sent to the store now. */
    public boolean mayWrite() {
        return fenceHolds();
    }

    /** Whether the slot has to be given up. */
    public boolean isLost() {
        return switch (state) {
            case State.Superseded _, State.BeyondViews _, State.NoRoom _ -> true;
            case State.Missing _, State.Asserting _, State.Held _ -> false;
        };
    }

    /** Safety: no write before the store has said that the fence stands, nor after a fail-over until it says so again. */
    protected boolean fenceHolds() {
        return state instanceof State.Held;
    }

    /** Starts an assertion, or starts it again after one without an answer; returns the number that the answer must carry. */
    public long assertFence() {
        if (isLost()) {
            throw new IllegalStateException("the fence of " + grant + " is lost: " + state);
        }
        attempts++;
        state = new State.Asserting(attempts);
        return attempts;
    }

    /** The store's answer to an assertion. One that is not the latest changes nothing, unless it says that all is over. */
    public State answered(long attempt, FenceAnswer answer, long newestView) {
        if (isLost()) {
            return state;
        }
        switch (answer) {
            case FenceAnswer.Taken _ -> {
                if (state instanceof State.Asserting asserting && asserting.attempt() == attempt) {
                    state = new State.Held();
                }
            }
            case FenceAnswer.Refused refused -> superseded(refused.storedEpoch(), newestView);
            case FenceAnswer.Full full -> state = new State.NoRoom(full.slotsMax());
        }
        return state;
    }

    /** The store's answer to a write of this grant. */
    public State wrote(WriteAnswer answer, long newestView) {
        if (isLost()) {
            return state;
        }
        switch (answer) {
            case WriteAnswer.Accepted _ -> {}
            case WriteAnswer.Fenced fenced -> superseded(fenced.storedEpoch(), newestView);
            case WriteAnswer.FenceMissing _ -> failedOver();
        }
        return state;
    }

    /** The store may be another one than before: what was asserted counts no more (rule 26). */
    public void failedOver() {
        if (!isLost()) {
            state = new State.Missing();
        }
    }

    private void superseded(long storedEpoch, long newestView) {
        if (storedEpoch <= grant.epoch()) {
            throw new IllegalStateException("the store refused " + grant + " for the epoch " + storedEpoch);
        }
        state = storedEpoch > newestView
                ? new State.BeyondViews(storedEpoch, newestView)
                : new State.Superseded(storedEpoch);
    }
}
