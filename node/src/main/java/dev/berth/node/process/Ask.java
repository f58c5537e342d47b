package dev.berth.node.process;

import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A letter whose sender waits for the answer on his thread. */
final class Ask extends Letter implements Reply<Object> {
    private static final VarHandle END;

    static {
        try {
            END = MethodHandles.lookup().findVarHandle(Ask.class, "end", Object.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Instead of null, so that null means that there is none yet. */
    private enum Nothing {
        ANSWER
    }

    private record Thrown(Throwable thrown) {}

    private final Thread caller;
    private final @Nullable LocalProcess asker;
    private final @Nullable Letter reads;
    private final long deadlineNanos;
    private volatile @Nullable Object end;

    /** @param reads the letter that the asker reads when he asks */
    Ask(Object body, @Nullable LocalProcess asker, @Nullable Letter reads, long deadlineNanos) {
        super(body);
        this.caller = Thread.currentThread();
        this.asker = asker;
        this.reads = reads;
        this.deadlineNanos = deadlineNanos;
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
    @Nullable
    LocalProcess asker() {
        return asker;
    }

    @Override
    @Nullable
    RemoteLetter outermost() {
        return reads == null ? null : reads.outermost();
    }

    @Override
    List<Long> chain() {
        return asker == null ? List.of() : chain(asker, reads);
    }

    @Override
    long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public void answer(@Nullable Object value) {
        end(value == null ? Nothing.ANSWER : value);
    }

    @Override
    public void fail(Exception cause) {
        failed(cause);
    }

    @Override
    void failed(Throwable thrown) {
        end(new Thrown(thrown));
    }

    @Override
    void failed(String kind, String message) {
        end(new Outcome.Failed<>(kind, message));
    }

    @Override
    void unknown(Outcome.Cause why) {
        end(why);
    }

    @Override
    void notRun(NotRun why) {
        end(why);
    }

    private void end(Object how) {
        if (END.compareAndSet(this, null, how)) {
            LockSupport.unpark(caller);
        }
    }

    /** Until it has ended, on the caller's thread. */
    void await() {
        boolean interrupted = false;
        while (end == null) {
            long left = deadlineNanos - System.nanoTime();
            interrupted |= Thread.interrupted();
            if (left <= 0 || interrupted) {
                // It may be running at this moment.
                END.compareAndSet(this, null, interrupted ? Outcome.Cause.STOPPED : Outcome.Cause.DEADLINE);
            } else {
                LockSupport.parkNanos(this, left);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    boolean hasEnded() {
        return end != null;
    }

    /** After its end. */
    @Nullable
    Object value(LocalProcess callee) {
        Object how = end;
        return value(callee, how == null ? Outcome.Cause.DEADLINE : how);
    }

    private static @Nullable Object value(LocalProcess callee, Object how) {
        return switch (how) {
            case Thrown(Throwable thrown) ->
                throw CallException.of(
                        what(callee),
                        new Outcome.Failed<>(thrown.getClass().getSimpleName(), String.valueOf(thrown.getMessage())),
                        thrown);
            case Outcome.Failed<?> failed -> throw CallException.of(what(callee), failed, null);
            case NotRun why -> throw CallException.of(what(callee), new Outcome.Refused<>(reason(why), 0), null);
            case Outcome.Cause cause -> throw CallException.of(what(callee), new Outcome.Unknown<>(cause), null);
            case Nothing _ -> null;
            default -> how;
        };
    }

    private static String what(LocalProcess callee) {
        return "call of process " + callee.address();
    }

    static RefusedReason reason(NotRun why) {
        return switch (why) {
            case BUSY -> RefusedReason.BUSY;
            case NO_SUCH_PROCESS -> RefusedReason.NO_SUCH_PROCESS;
            case TIMED_OUT -> RefusedReason.TIMED_OUT;
        };
    }
}
