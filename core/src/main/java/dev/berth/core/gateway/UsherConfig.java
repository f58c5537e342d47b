package dev.berth.core.gateway;

/**
 * How a gateway looks for places. Any thread.
 *
 * @param askNanos for the answer of a server; shorter and a slow one is passed over, longer and a client waits for a dead one
 * @param fullNanos after which a server that was full is asked again, by one client first; shorter is more questions while all are full
 * @param silentNanos the same for one that has not answered
 * @param underWay questions to one server at a time
 * @param clients who look for a place at a time; one more is told so at once
 * @param retryMillis that a client is told to wait at the least; up to three times as long, so that a crowd does not come back together
 */
public record UsherConfig(long askNanos, long fullNanos, long silentNanos, int underWay, int clients, int retryMillis) {
    private static final long MILLI = 1_000_000;

    /** 2 s, 250 ms, 1 s, 64, 10,000, 1 s. */
    public static final UsherConfig DEFAULT =
            new UsherConfig(2_000 * MILLI, 250 * MILLI, 1_000 * MILLI, 64, 10_000, 1_000);

    public UsherConfig {
        if (askNanos < 1 || fullNanos < 1 || silentNanos < 1 || underWay < 1 || clients < 1 || retryMillis < 1) {
            throw new IllegalArgumentException("all of it is positive, got ask=" + askNanos + "ns full=" + fullNanos
                    + "ns silent=" + silentNanos + "ns underWay=" + underWay + " clients=" + clients + " retry="
                    + retryMillis + "ms");
        }
    }
}
