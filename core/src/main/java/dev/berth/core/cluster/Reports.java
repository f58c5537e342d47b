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
        ABANDONED
    }

    private final TreeMap<Grant, Kind> kinds = new TreeMap<>();
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
        return put(view, givenUp.from(), new Grant(givenUp.slot(), givenUp.epoch()), Kind.GIVEN_UP);
    }

    boolean abandoned(View view, ClusterMessage.DrainAbandoned abandoned) {
        Grant grant = new Grant(abandoned.slot(), abandoned.epoch());
        return view.slot(abandoned.slot()) instanceof SlotState.Draining
                && put(view, abandoned.from(), grant, Kind.ABANDONED);
    }

    private boolean put(View view, Incarnation from, Grant grant, Kind kind) {
        SlotState state = view.slot(grant.slot());
        boolean current = state != null && state.owner().equals(from) && state.epoch() == grant.epoch();
        return current && kinds.put(grant, kind) != kind;
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
        preparedCount = 0;
        dueNanos = Machine.NEVER;
    }

    private static @Nullable SlotState next(@Nullable SlotState state, Grant grant, Kind kind, long number) {
        if (state == null || state.epoch() != grant.epoch()) {
            return null;
        }
        return switch (state) {
            case SlotState.Offered offered ->
                switch (kind) {
                    case PREPARED -> new SlotState.Running(offered.owner(), offered.epoch());
                    case GIVEN_UP -> new SlotState.Free(offered.failures() + 1);
                    case RELEASED, ABANDONED -> null;
                };
            case SlotState.Draining draining ->
                switch (kind) {
                    case RELEASED -> new SlotState.Running(draining.target(), number);
                    case ABANDONED -> new SlotState.Running(draining.owner(), number);
                    case GIVEN_UP -> new SlotState.Free(1);
                    case PREPARED -> null;
                };
            case SlotState.Running _ -> kind == Kind.GIVEN_UP ? new SlotState.Free(1) : null;
            case SlotState.Free _, SlotState.Parked _ -> null;
        };
    }
}
