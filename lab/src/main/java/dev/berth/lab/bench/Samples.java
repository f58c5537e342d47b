package dev.berth.lab.bench;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

// Warms up for a while, then measures for a while; the clock is read once per message, which every candidate pays
// alike.

/** Counts round trips and keeps their times. Any thread adds, another waits. */
final class Samples {
    private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long MEASURED_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final int KEPT_MAX = 4_000_000;

    /** What was measured: messages per second, and round trips in microseconds. */
    record Figures(double perSecond, double p50Micros, double p99Micros) {}

    private final CompletableFuture<Figures> figures = new CompletableFuture<>();
    private final int[] nanos = new int[KEPT_MAX];
    private final long warmUntil = System.nanoTime() + WARM_UP_NANOS;
    private int kept;
    private long count;
    private long startNanos;
    private final ReentrantLock lock = new ReentrantLock();

    /** Notes a round trip; false when enough have been measured. */
    boolean add(long sentNanos, long nowNanos) {
        if (nowNanos < warmUntil) {
            return true;
        }
        lock.lock();
        try {
            return keep(sentNanos, nowNanos);
        } finally {
            lock.unlock();
        }
    }

    /** It cannot be measured. */
    void fail(Throwable why) {
        figures.completeExceptionally(why);
    }

    private boolean keep(long sentNanos, long nowNanos) {
        if (startNanos == 0) {
            startNanos = nowNanos;
        }
        count++;
        if (kept < KEPT_MAX) {
            nanos[kept++] = (int) Math.min(Integer.MAX_VALUE, nowNanos - sentNanos);
        }
        if (nowNanos - startNanos < MEASURED_NANOS) {
            return true;
        }
        if (!figures.isDone()) {
            figures.complete(figures(nowNanos));
        }
        return false;
    }

    private Figures figures(long nowNanos) {
        Arrays.sort(nanos, 0, kept);
        return new Figures(
                count * 1e9 / (nowNanos - startNanos), nanos[kept / 2] / 1e3, nanos[(int) (kept * 0.99)] / 1e3);
    }

    Figures await() {
        return figures.orTimeout(60, TimeUnit.SECONDS).join();
    }
}
