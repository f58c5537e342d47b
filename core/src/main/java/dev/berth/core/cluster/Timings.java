package dev.berth.core.cluster;

import dev.berth.core.PublicApi;

// Lengths of time on clocks that may disagree by driftPercent. stretch = (1+d)/(1-d) is how much longer the master
// waits so that, by any two such clocks, the member has stopped first. L itself is in the view, because all
// members must share it.

/**
 * How long things may take. Any thread.
 *
 * @param beatNanos between two beats; more = slower detection, less = more traffic
 * @param suspicionNanos silence after which a member is suspected; at least two beats
 * @param leaseNanos L of a new cluster; shorter = faster take-over without a certificate, but pauses expel members
 * @param driftPercent bound on the error of a clock's rate, 0..40
 * @param leaderLeaseNanos Ll: how long a master acts after it sent a renewal that succeeded
 * @param ackNanos A: after which a member that has not acknowledged a view gets no lease
 * @param touchAfterNanos silence of the master after which a member renews at the coordinator; 0 = never
 * @param drainNanos after which a planned hand-over is abandoned
 * @param gatherNanos how long the first join of a batch waits for others
 */
@PublicApi
public record Timings(
        long beatNanos,
        long suspicionNanos,
        long leaseNanos,
        int driftPercent,
        long leaderLeaseNanos,
        long ackNanos,
        long touchAfterNanos,
        long drainNanos,
        long gatherNanos) {
    private static final long MILLI = 1_000_000L;

    /** Beat 1 s, suspicion 3 s, L 5 s, drift 10 %, leader lease 2 s, A 2 s, touch after 2.5 s, drain 30 s, gather 100 ms. */
    public static final Timings DEFAULT = new Timings(
            1_000 * MILLI,
            3_000 * MILLI,
            5_000 * MILLI,
            10,
            2_000 * MILLI,
            2_000 * MILLI,
            2_500 * MILLI,
            30_000 * MILLI,
            100 * MILLI);

    public Timings {
        require(beatNanos > 0, "beat", beatNanos, "must be positive");
        require(suspicionNanos >= 2 * beatNanos, "suspicion", suspicionNanos, "must be at least two beats");
        require(leaseNanos >= 2 * beatNanos, "lease", leaseNanos, "must be at least two beats");
        require(driftPercent >= 0 && driftPercent <= 40, "driftPercent", driftPercent, "must lie between 0 and 40");
        require(leaderLeaseNanos >= 3 * MILLI, "leaderLease", leaderLeaseNanos, "must be at least 3 ms");
        require(ackNanos > 0, "ack", ackNanos, "must be positive");
        require(
                touchAfterNanos >= 0 && touchAfterNanos < leaseNanos,
                "touchAfter",
                touchAfterNanos,
                "must be below the lease");
        require(drainNanos > 0, "drain", drainNanos, "must be positive");
        require(gatherNanos >= 0, "gather", gatherNanos, "must not be negative");
    }

    private static void require(boolean holds, String knob, long value, String must) {
        if (!holds) {
            throw new IllegalArgumentException("timings: " + knob + " " + must + ", got " + value);
        }
    }

    /** A duration of {@code nanos} on the slowest allowed clock, measured on the fastest: what must be waited to be sure. */
    public long stretched(long nanos) {
        // Rounded up: a nanosecond too long is only a nanosecond, one too short is a second owner.
        return Math.ceilDiv(Math.multiplyExact(nanos, 100L + driftPercent), 100L - driftPercent);
    }

    /** The same proportions, {@code divisor} times faster. */
    public Timings dividedBy(int divisor) {
        return new Timings(
                beatNanos / divisor,
                suspicionNanos / divisor,
                leaseNanos / divisor,
                driftPercent,
                leaderLeaseNanos / divisor,
                ackNanos / divisor,
                touchAfterNanos / divisor,
                drainNanos / divisor,
                gatherNanos / divisor);
    }
}
