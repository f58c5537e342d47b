package dev.berth.node.process;

import dev.berth.core.call.Outcome;
import dev.berth.core.wire.Bytes;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A question whose sender goes on: he is told the end on whatever thread it comes. */
final class Promised extends Letter implements Reply<Object> {
    private final long deadlineNanos;
    private final AtomicReference<@Nullable Consumer<? super Outcome<Bytes>>> end;

    Promised(Object body, long deadlineNanos, Consumer<? super Outcome<Bytes>> end) {
        super(body);
        this.deadlineNanos = deadlineNanos;
        this.end = new AtomicReference<>(end);
    }

    @Override
    Way way() {
        if (deadlineNanos - System.nanoTime() > 0) {
            return Way.RUN;
        }
        notRun(NotRun.TIMED_OUT);
        return Way.NEVER;
    }

    @Override
    boolean isAwaited() {
        return true;
    }

    @Override
    long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public void answer(@Nullable Object value) {
        end(outcome(value));
    }

    /** An answer that is no bytes is the callee's bug, and told as one. */
    static Outcome<Bytes> outcome(@Nullable Object value) {
        return value instanceof Bytes bytes
                ? new Outcome.Done<>(bytes)
                : new Outcome.Failed<>(
                        "UnreadableAnswer",
                        "bytes were wanted, got "
                                + (value == null ? "null" : value.getClass().getSimpleName()));
    }

    @Override
    public void fail(Exception cause) {
        failed(cause);
    }

    @Override
    void failed(Throwable thrown) {
        failed(thrown.getClass().getSimpleName(), String.valueOf(thrown.getMessage()));
    }

    @Override
    void failed(String kind, String message) {
        end(new Outcome.Failed<>(kind, message));
    }

    @Override
    void unknown(Outcome.Cause why) {
        end(new Outcome.Unknown<>(why));
    }

    @Override
    void notRun(NotRun why) {
        end(new Outcome.Refused<>(Ask.reason(why), 0));
    }

    private void end(Outcome<Bytes> outcome) {
        Consumer<? super Outcome<Bytes>> told = end.getAndSet(null);
        if (told != null) {
            told.accept(outcome);
        }
    }
}
