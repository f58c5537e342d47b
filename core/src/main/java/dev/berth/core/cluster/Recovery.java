package dev.berth.core.cluster;

import dev.berth.core.cluster.Durable.TermRecord;
import java.util.List;

// Views and epochs are the same numbers. A coordinator that has lost them would count from 1 again, under the feet of
// fences and of whoever still acts under an old epoch. So the first view of the new record has a number that was surely
// never given away: the stores know the highest epoch that came to them, and views without a grant in any store are
// allowed for by a margin. Election 0, because the new coordinator counts its elections from elsewhere.

/**
 * The record of a cluster whose coordinator has lost its data. Nobody is a member and every slot is free. Any thread.
 *
 * @param highest no view with a higher number granted a slot of a store
 */
public record Recovery(long highest, long leaseNanos, List<ServicePlan> plan) {
    /** Views that may have come and gone since the last grant that a store has heard of: one a second for eleven days. */
    public static final long MARGIN = 1_000_000;

    /** Whoever types more than this has not meant it. */
    private static final long HIGHEST_MAX = 1L << 60;

    public Recovery {
        plan = List.copyOf(plan);
        if (highest < 0 || highest > HIGHEST_MAX) {
            throw new IllegalArgumentException(
                    "the highest epoch lies between 0 and " + HIGHEST_MAX + ", got " + highest);
        }
        String problem = ServiceCheck.problem(plan);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }

    /** The number of the view in the new record. */
    public long number() {
        return highest + MARGIN;
    }

    public TermRecord term() {
        return new TermRecord(0, 0, "none", false, 0);
    }

    public ViewImage view() {
        ViewDraft draft = new ViewDraft(number(), leaseNanos);
        plan.forEach(service -> draft.add(new Change.ServicePlanned(service)));
        return ViewImage.of(draft.preview());
    }
}
