package dev.berth.node.launch;

import dev.berth.core.cluster.Timings;

/** A set of timings with a name. Any thread. */
public enum Profile {
    /** A lease of 5 s. */
    DEFAULT,
    /** A lease of 2 s, for machines that never pause for so long. */
    FAST;

    /** How long things may take. */
    public Timings timings() {
        return switch (this) {
            case DEFAULT -> Timings.DEFAULT;
            case FAST ->
                new Timings(
                        millis(400),
                        millis(1_200),
                        millis(2_000),
                        10,
                        millis(800),
                        millis(800),
                        millis(1_000),
                        millis(30_000),
                        millis(40));
        };
    }

    public String word() {
        return switch (this) {
            case DEFAULT -> "default";
            case FAST -> "fast";
        };
    }

    private static long millis(long millis) {
        return millis * 1_000_000L;
    }
}
