package dev.berth.core.machine;

import java.util.random.RandomGenerator;

// Delays double from the first to the longest; each is drawn from its upper half, so that many who failed together
// do not come back together.

/** The waiting time between attempts. Immutable; any thread. */
public record Backoff(long firstNanos, long longestNanos) {
    public Backoff {
        if (firstNanos <= 0 || longestNanos < firstNanos) {
            throw new IllegalArgumentException("a back-off needs 0 < first <= longest, got first=" + firstNanos
                    + "ns longest=" + longestNanos + "ns");
        }
    }

    /** The delay before attempt number {@code attempt}, counted from 1. */
    public long delayNanos(int attempt, RandomGenerator random) {
        long full = longestNanos;
        int doublings = Math.max(0, attempt - 1);
        if (doublings < 62 && firstNanos <= longestNanos >> doublings) {
            full = firstNanos << doublings;
        }
        return full - random.nextLong(full / 2 + 1);
    }
}
