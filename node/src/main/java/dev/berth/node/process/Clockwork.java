package dev.berth.node.process;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

// A wheel: setting and cancelling a timer costs the same however many there are, and most game timers never fire.

/** The timers of all processes of a node. Any thread. */
final class Clockwork implements AutoCloseable {
    private static final int TICK_MILLIS = 10;
    private static final int TICKS = 1_024;

    /** More are refused with a RejectedExecutionException that says so. */
    private static final long TIMERS_MAX = 1L << 22;

    private final HashedWheelTimer wheel = new HashedWheelTimer(
            new DefaultThreadFactory("berth-clockwork", true),
            TICK_MILLIS,
            TimeUnit.MILLISECONDS,
            TICKS,
            true,
            TIMERS_MAX);

    Timer after(LocalProcess process, Duration delay, Object message) {
        Timeout timeout = wheel.newTimeout(_ -> process.tell(message), delay.toNanos(), TimeUnit.NANOSECONDS);
        return timeout::cancel;
    }

    Timer every(LocalProcess process, Duration period, Object message) {
        if (period.isZero() || period.isNegative()) {
            throw new IllegalArgumentException("a period is more than nothing, got " + period);
        }
        return new Every(process, period.toNanos(), message).start();
    }

    /** Its message says when it has been read; the next is not sent before. */
    private final class Every implements Timer {
        private final LocalProcess process;
        private final long periodNanos;
        private final Object message;
        private volatile boolean waits;
        private volatile boolean cancelled;

        Every(LocalProcess process, long periodNanos, Object message) {
            this.process = process;
            this.periodNanos = periodNanos;
            this.message = message;
        }

        Timer start() {
            wheel.newTimeout(_ -> tick(), periodNanos, TimeUnit.NANOSECONDS);
            return this;
        }

        private void tick() {
            if (cancelled || process.hasEnded()) {
                return;
            }
            if (!waits) {
                waits = true;
                process.deliver(new Letter(message) {
                    @Override
                    void answer(@Nullable Object value) {
                        waits = false;
                    }

                    @Override
                    void failed(Throwable thrown) {
                        waits = false;
                    }
                });
            }
            start();
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    @Override
    public void close() {
        wheel.stop();
    }
}
