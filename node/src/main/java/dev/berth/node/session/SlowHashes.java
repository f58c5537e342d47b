package dev.berth.node.session;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

// Threads of the system's, half as many as there are processors: it shares these fairly between them, the event loops
// and those that run entities. On virtual threads a few hashes would hold all that run anything.

/** Computes slow hashes, a few at a time in the whole process. Any thread; waits. */
final class SlowHashes {
    static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    /** Whoever waits behind so many would be given up by his gate. */
    static final int WAITING_MAX = 16 * THREADS;

    private static final long IDLE_SECONDS = 30;
    private static final AtomicLong COUNT = new AtomicLong();
    private static final ThreadPoolExecutor POOL = pool();

    private SlowHashes() {}

    private static ThreadPoolExecutor pool() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(WAITING_MAX),
                Thread.ofPlatform().daemon().name("berth-hash-", 1).factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Null if too many wait already. */
    static <T> @Nullable T of(Callable<T> what) {
        CompletableFuture<T> end = new CompletableFuture<>();
        try {
            POOL.execute(() -> {
                COUNT.incrementAndGet();
                try {
                    end.complete(what.call());
                } catch (Exception thrown) {
                    end.completeExceptionally(thrown);
                }
            });
        } catch (RejectedExecutionException full) {
            return null;
        }
        try {
            return end.join();
        } catch (CompletionException thrown) {
            throw thrown.getCause() instanceof RuntimeException its ? its : thrown;
        }
    }

    /** How many there were. */
    static long count() {
        return COUNT.get();
    }
}
