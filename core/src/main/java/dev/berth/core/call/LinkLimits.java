package dev.berth.core.call;

/**
 * The bounds of a connection's beginning. Any thread.
 *
 * @param helloNanos for the first frame of the other side; more = idle sockets live longer
 * @param holdNanos for the view that the other side has applied already; about what a view needs to reach everybody
 * @param earlyMax messages kept while the other side's HELLO waits for its view; beyond it the connection is closed
 * @param minVersion with {@code maxVersion}: the protocol versions spoken
 */
public record LinkLimits(long helloNanos, long holdNanos, int earlyMax, int minVersion, int maxVersion) {
    /** 5 s, 5 s, 256 messages, version 1. */
    public static final LinkLimits DEFAULT = new LinkLimits(5_000_000_000L, 5_000_000_000L, 256, 1, 1);

    public LinkLimits {
        if (helloNanos < 1 || holdNanos < 1) {
            throw new IllegalArgumentException(
                    "hello and hold must be positive, got " + helloNanos + "ns and " + holdNanos + "ns");
        }
        if (earlyMax < 0) {
            throw new IllegalArgumentException("earlyMax must not be negative, got " + earlyMax);
        }
        if (minVersion < 1 || maxVersion < minVersion) {
            throw new IllegalArgumentException(
                    "versions need 1 <= min <= max, got min=" + minVersion + " max=" + maxVersion);
        }
    }
}
