package dev.berth.node.coordinator;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Waits for events as they come, a minute at most. */
final class Eventually<T> {
    static final Duration LIMIT = Duration.ofMinutes(1);

    private final BlockingQueue<T> events = new LinkedBlockingQueue<>();

    void add(T event) {
        events.add(event);
    }

    /** The next event that fits; those before it are dropped. */
    T await(String what, Predicate<? super T> fits) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        StringBuilder seen = new StringBuilder();
        while (true) {
            T event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new AssertionError(what + " did not come within " + LIMIT + "; came:" + seen);
            }
            if (fits.test(event)) {
                return event;
            }
            seen.append("\n  ").append(event);
        }
    }

    <S extends T> S await(Class<S> type) throws InterruptedException {
        return type.cast(await(type.getSimpleName(), type::isInstance));
    }
}
