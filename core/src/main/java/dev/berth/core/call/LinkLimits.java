package dev.berth.core.call;

/**
 * The bounds of a connection's beginning. Any thread.
 *
 * @param helloNanos for the first frame of the other side; more = idle sockets live longer
 * @param holdNanos for the view that the other side has applied already; about what a view needs to reach everybody
 * @param minVersion with {@code maxVersion}: the protocol versions spoken
 */
public record LinkLimits(long helloNanos, long holdNanos, int minVersion, int maxVersion) {
    /** 5 s, 5 s, version 1. */
    public static final LinkLimits DEFAULT = new LinkLimits(5_000_000_000L, 5_000_000_000L, 1, 1);

    public LinkLimits {
        if (helloNanos < 1 || holdNanos < 1) {
            throw new IllegalArgumentException(
                    "hello and hold must be positive, got " + helloNanos + "ns and " + holdNanos + "ns");
        }
        if (minVersion < 1 || maxVersion < minVersion) {
            throw new IllegalArgumentException(
                    "versions need 1 <= min <= max, got min=" + minVersion + " max=" + maxVersion);
        }
    }
}
