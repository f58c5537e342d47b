package dev.berth.lab.sim.check;

import dev.berth.core.audit.Invariant;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// `up` returns once for all: when it has returned for a grant of view v, the barriers of all views up to v have
// closed, so nobody may any more admit anything of an incarnation that one of them expelled, nor of an older epoch of
// that slot.

/** I3: after {@code up} returned, nobody admits or addresses the replaced incarnation. One thread. */
final class Messages {
    private final History history;
    /** For each slot, under which epoch {@code up} last returned at each of its owners. */
    private final TreeMap<SlotId, TreeMap<Incarnation, Long>> ups = new TreeMap<>();

    private long upView;

    Messages(History history) {
        this.history = history;
    }

    void upReturned(Incarnation owner, Grant grant, boolean afterBarrier) {
        ups.computeIfAbsent(grant.slot(), _ -> new TreeMap<>()).merge(owner, grant.epoch(), Math::max);
        if (afterBarrier) {
            upView = Math.max(upView, grant.epoch());
        }
    }

    /** @param from the slot on whose behalf it was sent, if any */
    void admitted(Actor by, Incarnation sender, @Nullable Grant from, String what) {
        long expelled = history.expelledBy(sender);
        if (expelled <= upView) {
            throw new Violation(
                    Invariant.I3,
                    by.name() + " (view " + by.applied() + ") admitted " + what + " of " + sender
                            + ", expelled by view " + expelled + ", after up had returned for a grant of view "
                            + upView);
        }
        // A new epoch at the same owner, after an abandoned drain, replaces nobody.
        long newest = from == null ? 0 : newestUpOfAnother(from.slot(), sender);
        if (from != null && from.epoch() < newest) {
            throw new Violation(
                    Invariant.I3,
                    by.name() + " (view " + by.applied() + ") admitted " + what + " of " + from + " from " + sender
                            + " after up had returned for epoch " + newest);
        }
    }

    private long newestUpOfAnother(SlotId slot, Incarnation sender) {
        long newest = 0;
        for (Map.Entry<Incarnation, Long> up :
                ups.getOrDefault(slot, new TreeMap<>()).entrySet()) {
            if (!up.getKey().equals(sender)) {
                newest = Math.max(newest, up.getValue());
            }
        }
        return newest;
    }

    void addressed(Actor by, Incarnation target, String what) {
        long expelled = history.expelledBy(target);
        if (expelled <= upView) {
            throw new Violation(
                    Invariant.I3,
                    by.name() + " (view " + by.applied() + ") sent " + what + " to " + target + ", expelled by view "
                            + expelled + ", after up had returned for a grant of view " + upView);
        }
    }
}
