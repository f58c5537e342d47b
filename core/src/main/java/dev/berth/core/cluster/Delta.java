package dev.berth.core.cluster;

import dev.berth.core.wire.Field;
import dev.berth.core.wire.Prose;
import java.util.List;

/** How view {@code number} differs from view {@code number - 1}, and why. Any thread. */
public record Delta(
        @Field(1) long number,
        @Field(value = 2, max = 200) String reason,
        @Field(value = 3, max = CHANGES_MAX) List<Change> changes) {
    public static final int CHANGES_MAX = 200_000;

    public Delta {
        if (number < 1) {
            throw new IllegalArgumentException("a delta leads to view 1 or later, got " + number);
        }
        reason = Prose.upTo(200, reason);
        changes = List.copyOf(changes);
    }
}
