package dev.berth.core.call;

import dev.berth.core.machine.Backoff;

/**
 * The bounds of one call table. Any thread.
 *
 * @param inFlightMax calls that have not ended: beyond it a new one is refused BUSY; costs about 200 bytes each
 * @param heldMax of those, calls that wait to be sent: beyond it one is refused BUSY
 * @param backoff the wait after BUSY, REBUILDING or STOPPED; shorter = more load on a node that has too much already
 * @param pollNanos how often a node that may not act asks whether it may again
 */
public record CallLimits(int inFlightMax, int heldMax, Backoff backoff, long pollNanos) {
    /** 65,536 in flight, 16,384 held, back-off 1 ms to 250 ms, poll 20 ms. */
    public static final CallLimits DEFAULT =
            new CallLimits(65_536, 16_384, new Backoff(1_000_000, 250_000_000), 20_000_000);

    public CallLimits {
        if (inFlightMax < 1 || inFlightMax > 1 << 22) {
            throw new IllegalArgumentException("inFlightMax lies between 1 and " + (1 << 22) + ", got " + inFlightMax);
        }
        if (heldMax < 1 || heldMax > inFlightMax) {
            throw new IllegalArgumentException(
                    "heldMax lies between 1 and inFlightMax " + inFlightMax + ", got " + heldMax);
        }
        if (pollNanos < 1) {
            throw new IllegalArgumentException("poll must be positive, got " + pollNanos + "ns");
        }
    }
}
