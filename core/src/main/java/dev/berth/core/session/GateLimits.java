package dev.berth.core.session;

/**
 * How patient a gate is with one client. Any thread.
 *
 * @param loginNanos from the connection to LOGIN or RESUME; too short and clients far away never get in, too long and
 *     sockets that say nothing are kept
 * @param enterNanos from there to WELCOME; owners that are being replaced take seconds
 * @param idleNanos without a word from the client
 * @param burst frames that a client may send at once; a client that resumes sends up to 32 SAYs and a READ for each feed
 * @param framesPerSecond in the long run
 */
public record GateLimits(long loginNanos, long enterNanos, long idleNanos, int burst, int framesPerSecond) {
    private static final long SECOND = 1_000_000_000L;

    /** 10 s to log in, 20 s to enter, 60 s of silence, 200 frames at once, 50 a second. */
    public static final GateLimits DEFAULT = new GateLimits(10 * SECOND, 20 * SECOND, 60 * SECOND, 200, 50);

    private static final int BURST_MIN = SessionLimits.SAYS_MAX + SessionLimits.FEEDS_MAX + 4;

    public GateLimits {
        if (loginNanos < 1 || enterNanos < 1 || idleNanos < 1 || idleNanos / 1_000_000 > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("time limits are positive and under 24 days, got login=" + loginNanos
                    + "ns enter=" + enterNanos + "ns idle=" + idleNanos + "ns");
        }
        if (burst < BURST_MIN || framesPerSecond < 1) {
            throw new IllegalArgumentException(
                    "a client that resumes needs " + BURST_MIN + " frames at once and 1 a second," + " got burst="
                            + burst + " framesPerSecond=" + framesPerSecond);
        }
    }
}
