package dev.berth.node.member;

import dev.berth.core.cluster.Delta;
import dev.berth.core.cluster.View;
import org.jspecify.annotations.Nullable;

/**
 * From one view that a node acted by, or heard of, to a later one. Any thread.
 *
 * @param delta what has changed; null where more than one view lies between, or the first one comes
 */
public record ViewStep(
        View before, View view, String reason, @Nullable Delta delta) {
    /** From nothing to a view. */
    public static ViewStep first(View view) {
        return new ViewStep(View.empty(view.leaseNanos()), view, "what is true in view " + view.number(), null);
    }

    /** Whether it leads on from a view, and from no other. */
    boolean follows(View reached) {
        return before.viewsSince(reached) == 0;
    }

    /** This step and the next in one. */
    public ViewStep and(ViewStep next) {
        long views = next.view().viewsSince(before);
        return new ViewStep(before, next.view(), views + " views at once, the latest: " + next.reason(), null);
    }
}
