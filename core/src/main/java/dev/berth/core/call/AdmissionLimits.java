package dev.berth.core.call;

/**
 * The bounds of what one connection may have waiting here. Any thread.
 *
 * @param inboxMax messages admitted and not yet run: fewer = BUSY under bursts, more = memory and stale work
 * @param repliesMax replies that wait for a view or for the lease, in either direction: no fewer than the calls that this
 *     node may have in flight with the peer, else the connection is closed as faulty
 * @param busyNanos the wait that a caller refused as BUSY is told
 * @param pollNanos how often a node that may not act asks whether it may again
 */
public record AdmissionLimits(int inboxMax, int repliesMax, long busyNanos, long pollNanos) {
    /** 4,096 messages, 65,536 replies, 1 ms, 20 ms. */
    public static final AdmissionLimits DEFAULT = new AdmissionLimits(4_096, 65_536, 1_000_000, 20_000_000);

    public AdmissionLimits {
        if (inboxMax < 1 || inboxMax > 1 << 20 || repliesMax < 1) {
            throw new IllegalArgumentException("inboxMax lies between 1 and " + (1 << 20)
                    + " and repliesMax is positive, got " + inboxMax + " and " + repliesMax);
        }
        if (busyNanos < 0 || pollNanos < 1) {
            throw new IllegalArgumentException("busy must not be negative and poll must be positive, got " + busyNanos
                    + "ns and " + pollNanos + "ns");
        }
    }

    public AdmissionLimits withInbox(int max) {
        return new AdmissionLimits(max, repliesMax, busyNanos, pollNanos);
    }
}
