package dev.berth.core.cluster;

import dev.berth.core.machine.Machine;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What owners have said about their slots and no view shows yet. One thread: the master's. */
final class Reports {
    static final int FAILURES_MAX = 3;

    private enum Kind {
        PREPARED,
        RELEASED,
        GIVEN_UP,
        /** Given up because the store has an epoch that no view has reached. */
        VIEWS_LOST,
        ABANDONED
    }

    private static final String VIEWS_LOST_CAUSE =
            "the store holds a later epoch than any view: the coordinator has lost views, run recover";

    private final TreeMap<Grant, Kind> kinds = new TreeMap<>();
    private final TreeMap<Grant, Long> storedEpochs = new TreeMap<>();
    private int preparedCount;
    private long dueNanos = Machine.NEVER;

    /** Rule 10; the caller has checked that the barrier is closed. Each method says whether this is news. */
    boolean prepared(View view, ClusterMessage.Prepared prepared) {
        Grant grant = new Grant(prepared.slot(), prepared.epoch());
        boolean news = view.slot(prepared.slot()) instanceof SlotState.Offered
                && put(view, prepared.from(), grant, Kind.PREPARED);
        preparedCount += news ? 1 : 0;
        return news;
    }

    int preparedCount() {
        return preparedCount;
    }

    /** What has been reported goes into a view no later than then. */
    void gather(long untilNanos) {
        dueNanos = Math.min(dueNanos, untilNanos);
    }

    long dueNanos() {
        return dueNanos;
    }

    boolean released(View view, ClusterMessage.Released released) {
        Grant grant = new Grant(released.slot(), released.epoch());
        return view.slot(released.slot()) instanceof SlotState.Draining
                && put(view, released.from(), grant, Kind.RELEASED);
    }

    boolean givenUp(View view, ClusterMessage.GivenUp givenUp) {
        Grant grant = new Grant(givenUp.slot(), givenUp.epoch());
        if (givenUp.storedEpoch() <= view.number()) {
            return put(view, givenUp.from(), grant, Kind.GIVEN_UP);
        }
        storedEpochs.put(grant, givenUp.storedEpoch());
        return put(view, givenUp.from(), grant, Kind.VIEWS_LOST);
    }

    boolean abandoned(View view, ClusterMessage.DrainAbandoned abandoned) {
        Grant grant = new Grant(abandoned.slot(), abandoned.epoch());
        return view.slot(abandoned.slot()) instanceof SlotState.Draining
                && put(view, abandoned.from(), grant, Kind.ABANDONED);
    }

    private boolean put(View view, Incarnation from, Grant grant, Kind kind) {
        SlotState state = view.slot(grant.slot());
        boolean current = state != null && state.owner().equals(from) && state.epoch() == grant.epoch();
        if (!current || kinds.get(grant) == Kind.VIEWS_LOST) {
            return false;
        }
        return kinds.put(grant, kind) != kind;
    }

    /** Turns all reports that still fit into changes, and forgets them. */
    void into(ViewDraft draft) {
        View now = draft.preview();
        kinds.forEach((grant, kind) -> {
            SlotState next = next(now.slot(grant.slot()), grant, kind, draft.number);
            if (next != null) {
                draft.add(new Change.SlotChanged(grant.slot(), next));
            }
        });
        kinds.clear();
        storedEpochs.clear();
        preparedCount = 0;
        dueNanos = Machine.NEVER;
    }

    private @Nullable SlotState next(@Nullable SlotState state, Grant grant, Kind kind, long number) {
        if (state == null || state.epoch() != grant.epoch()) {
            return null;
        }
        return switch (kind) {
            case PREPARED ->
                state instanceof SlotState.Offered offered
                        ? new SlotState.Running(offered.owner(), offered.epoch())
                        : null;
            case RELEASED ->
                state instanceof SlotState.Draining draining ? new SlotState.Running(draining.target(), number) : null;
            case ABANDONED ->
                state instanceof SlotState.Draining draining ? new SlotState.Running(draining.owner(), number) : null;
            case GIVEN_UP ->
                new SlotState.Free(state instanceof SlotState.Offered offered ? offered.failures() + 1 : 1);
            // Whoever was granted it next might come to exactly the stored epoch, and its fence would count (rule 18).
            case VIEWS_LOST -> new SlotState.Parked(VIEWS_LOST_CAUSE, storedEpochs.getOrDefault(grant, 0L));
        };
    }
}
