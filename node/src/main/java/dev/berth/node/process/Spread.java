package dev.berth.node.process;

import java.util.concurrent.atomic.AtomicLongArray;

// Four buckets to each power of two, so a figure is right to a fifth. Two windows of a minute each are looked at, so
// what is shown is of the last one to two minutes.

/** How long something took lately. Any thread. */
public final class Spread {
    private static final long WINDOW_NANOS = 60_000_000_000L;
    private static final int BUCKETS = 4 * Long.SIZE;

    private record Window(long sinceNanos, AtomicLongArray now, AtomicLongArray before) {}

    private volatile Window window =
            new Window(System.nanoTime(), new AtomicLongArray(BUCKETS), new AtomicLongArray(BUCKETS));

    public void add(long nowNanos, long tookNanos) {
        Window at = window;
        if (nowNanos - at.sinceNanos > WINDOW_NANOS) {
            // Who loses a race here loses a few figures.
            at = new Window(nowNanos, new AtomicLongArray(BUCKETS), at.now);
            window = at;
        }
        at.now.incrementAndGet(bucket(Math.max(1, tookNanos)));
    }

    private static int bucket(long nanos) {
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
        int quarter = power < 2 ? 0 : (int) (nanos >>> (power - 2)) & 3;
        return 4 * power + quarter;
    }

    /** In seconds, such that this share took no longer; 0 if nothing is known. */
    public double quantile(double share) {
        Window at = window;
        long all = 0;
        for (int i = 0; i < BUCKETS; i++) {
            all += at.now.get(i) + at.before.get(i);
        }
        long wanted = (long) Math.ceil(all * share);
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += at.now.get(i) + at.before.get(i);
            if (seen >= wanted && seen > 0) {
                return Math.scalb((4.5 + i % 4) / 4, i / 4) / 1e9;
            }
        }
        return 0;
    }
}
