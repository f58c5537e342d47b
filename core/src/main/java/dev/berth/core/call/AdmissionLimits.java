package dev.berth.core.call;

/**
 * The bounds of what one connection may have waiting here. Any thread.
 *
 * @param inboxMax messages admitted and not yet run: fewer = BUSY under bursts, more = memory and stale work
 * @param busyNanos the wait that a caller refused as BUSY is told
 * @param pollNanos how often a node that may not act asks whether it may again
 */
public record AdmissionLimits(int inboxMax, long busyNanos, long pollNanos) {
    /** 4,096 messages, 1 ms, 20 ms. */
    public static final AdmissionLimits DEFAULT = new AdmissionLimits(4_096, 1_000_000, 20_000_000);

    public AdmissionLimits {
        if (inboxMax < 1 || inboxMax > 1 << 20) {
            throw new IllegalArgumentException("inboxMax lies between 1 and " + (1 << 20) + ", got " + inboxMax);
        }
        if (busyNanos < 0 || pollNanos < 1) {
            throw new IllegalArgumentException("busy must not be negative and poll must be positive, got " + busyNanos
                    + "ns and " + pollNanos + "ns");
        }
    }
}
