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

    /** The store holds a later epoch than any view. Short: it may stand in every slot of a view. */
    static final String VIEWS_LOST_CAUSE = "views lost, run berth recover";

    /** What an owner has said, and in its own words why. */
    private record Report(Kind kind, Incarnation from, String cause, long storedEpoch) {
        String inWords() {
            return switch (kind) {
                case PREPARED -> from + " has fenced and loaded it";
                case RELEASED -> from + " has drained it";
                case GIVEN_UP -> from + " gave it up: " + cause;
                case VIEWS_LOST -> VIEWS_LOST_CAUSE;
                case ABANDONED -> from + " abandoned the drain: " + cause;
            };
        }
    }

    private final TreeMap<Grant, Report> reports = new TreeMap<>();
    private int preparedCount;
    private long dueNanos = Machine.NEVER;

    /** Rule 10; the caller has checked that the barrier is closed. Each method says whether this is news. */
    boolean prepared(View view, ClusterMessage.Prepared prepared) {
        Grant grant = new Grant(prepared.slot(), prepared.epoch());
        boolean news = view.slot(prepared.slot()) instanceof SlotState.Offered
                && put(view, grant, new Report(Kind.PREPARED, prepared.from(), "", 0));
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
                && put(view, grant, new Report(Kind.RELEASED, released.from(), "", 0));
    }

    boolean givenUp(View view, ClusterMessage.GivenUp givenUp) {
        Grant grant = new Grant(givenUp.slot(), givenUp.epoch());
        Kind kind = givenUp.storedEpoch() <= view.number() ? Kind.GIVEN_UP : Kind.VIEWS_LOST;
        return put(view, grant, new Report(kind, givenUp.from(), givenUp.cause(), givenUp.storedEpoch()));
    }

    boolean abandoned(View view, ClusterMessage.DrainAbandoned abandoned) {
        Grant grant = new Grant(abandoned.slot(), abandoned.epoch());
        return view.slot(abandoned.slot()) instanceof SlotState.Draining
                && put(view, grant, new Report(Kind.ABANDONED, abandoned.from(), abandoned.cause(), 0));
    }

    private boolean put(View view, Grant grant, Report report) {
        SlotState state = view.slot(grant.slot());
        boolean current = state != null && state.owner().equals(report.from()) && state.epoch() == grant.epoch();
        Report former = reports.get(grant);
        if (!current || (former != null && former.kind() == Kind.VIEWS_LOST)) {
            return false;
        }
        reports.put(grant, report);
        return former == null || former.kind() != report.kind();
    }

    /** Turns all reports that still fit into changes, and forgets them. */
    void into(ViewDraft draft) {
        View now = draft.preview();
        reports.forEach((grant, report) -> {
            SlotState next = next(now.slot(grant.slot()), grant, report, draft.number);
            if (next != null) {
                draft.add(new Change.SlotChanged(grant.slot(), next), report.inWords());
            }
        });
        reports.clear();
        preparedCount = 0;
        dueNanos = Machine.NEVER;
    }

    private @Nullable SlotState next(@Nullable SlotState state, Grant grant, Report report, long number) {
        if (state == null || state.epoch() != grant.epoch()) {
            return null;
        }
        return switch (report.kind()) {
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
            case VIEWS_LOST -> new SlotState.Parked(VIEWS_LOST_CAUSE, report.storedEpoch());
        };
    }
}
