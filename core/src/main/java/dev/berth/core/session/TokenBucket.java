package dev.berth.core.session;

/** So many at once, so many a second. One thread. */
final class TokenBucket {
    private final long costNanos;
    private final long fullNanos;
    /** When the bucket will be full again. */
    private long fullAtNanos;

    TokenBucket(int burst, int perSecond, long nowNanos) {
        costNanos = 1_000_000_000L / perSecond;
        fullNanos = burst * costNanos;
        fullAtNanos = nowNanos;
    }

    boolean take(long nowNanos) {
        long next = Math.max(fullAtNanos, nowNanos) + costNanos;
        if (next - nowNanos > fullNanos) {
            return false;
        }
        fullAtNanos = next;
        return true;
    }
}
