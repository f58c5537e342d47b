package dev.berth.node.launch;

import dev.berth.core.cluster.Spelling;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks a launcher to roll. Any thread.
 *
 * @param nodes names; empty for all
 * @param jar what they are to run from now on; null for what they run
 * @param asFile whether they are to run again what the cluster file says, and not what a roll has given them
 * @param drains whether slots are moved away first
 * @param within how long a step of one node may take
 */
record RollOrder(List<String> nodes, @Nullable Path jar, boolean asFile, boolean drains, Duration within) {
    static final Duration WITHIN_MAX = Duration.ofHours(1);

    RollOrder {
        nodes = List.copyOf(nodes);
        if (jar != null && asFile) {
            throw new IllegalArgumentException("--jar and --no-jar say two things: choose one");
        }
        if (within.compareTo(Duration.ofSeconds(1)) < 0 || within.compareTo(WITHIN_MAX) > 0) {
            throw new IllegalArgumentException(
                    "a step may take 1 s to " + WITHIN_MAX.toSeconds() + " s, got " + within.toSeconds() + " s");
        }
    }

    /** Refuses names that the launcher does not know. */
    void check(List<String> known) throws LaunchRefusedException {
        for (var name : nodes) {
            if (!known.contains(name)) {
                var nearest = Spelling.nearest(name, known);
                throw new LaunchRefusedException("this launcher has no node " + name
                        + (nearest != null
                                ? "; did you mean " + nearest + "?"
                                : "; it has: " + String.join(", ", known)));
            }
        }
    }
}
