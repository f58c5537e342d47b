package dev.berth.test;

import dev.berth.core.PublicApi;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What {@link BerthTest#begin} has begun. The test's thread.
 *
 * @param <T> what comes of it
 */
@PublicApi
public final class UnderWay<T> {
    private final BerthTest cluster;
    private final Callable<? extends T> what;
    private boolean ended;
    private @Nullable T result;
    private @Nullable Exception thrown;

    UnderWay(BerthTest cluster, Callable<? extends T> what) {
        this.cluster = cluster;
        this.what = what;
    }

    void run() {
        try {
            result = what.call();
        } catch (Exception e) {
            thrown = e;
        } finally {
            ended = true;
        }
    }

    public boolean hasEnded() {
        return ended;
    }

    /** Plays on until it has ended; what it threw is thrown here. */
    @SuppressWarnings("NullAway") // null only if what was begun returns null
    public T result() throws Exception {
        cluster.playUntil(() -> ended);
        if (thrown != null) {
            throw thrown;
        }
        return result;
    }
}
