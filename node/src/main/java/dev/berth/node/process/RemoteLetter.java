package dev.berth.node.process;

import dev.berth.core.call.Address;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.PeerMessage.Call;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.record.Signature;
import dev.berth.core.wire.WireException;
import dev.berth.node.plane.Work;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// It counts against its connection's bound until it is taken, is judged once more then (rule 17), and is read only by
// the thread that runs the process: what is expensive to read, or hostile, costs nobody else.

/** A letter that has come from another node. */
final class RemoteLetter extends Letter implements Reply<Object> {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteLetter.class);
    private static final long BUSY_NANOS = 1_000_000;

    private final Work work;
    private final Call call;
    private final Parcels parcels;
    private final Waits waits;
    private final long stamp;
    private final AtomicBoolean ended = new AtomicBoolean();
    /** Of the method that it calls; null for a message. */
    private volatile @Nullable Signature signature;

    RemoteLetter(Work work, Parcels parcels, Waits waits) {
        super("");
        this.work = work;
        this.call = work.dispatch().call();
        this.parcels = parcels;
        this.waits = waits;
        this.stamp = Waits.stamp();
    }

    @Override
    Way way() {
        return switch (work.judge()) {
            case RUN -> {
                work.taken();
                waits.over(stamp);
                yield Way.RUN;
            }
            case NOT_NOW -> Way.LATER;
            case HOLD, AWAIT_SLOT, DROP, MOVED, TIMED_OUT -> {
                work.returned();
                yield Way.NEVER;
            }
        };
    }

    @Override
    @Nullable
    Object body() {
        try {
            Object body = parcels.read(call.body());
            if (body != null) {
                return body;
            }
            end(new Result.Error("UnreadableMessage", "null is no message"));
        } catch (WireException e) {
            LOG.warn(
                    "process {}: a message from {} cannot be read: {}",
                    new Address(call.address()),
                    work.dispatch().peer(),
                    e.getMessage());
            end(new Result.Error("UnreadableMessage", String.valueOf(e.getMessage())));
        }
        return null;
    }

    /** What answers it is written as that of a method. */
    void answersAs(Signature method) {
        signature = method;
    }

    @Override
    boolean isAwaited() {
        return call.session() != 0;
    }

    @Override
    long deadlineNanos() {
        return isAwaited() ? work.dispatch().deadlineNanos() : Long.MAX_VALUE;
    }

    @Override
    RemoteLetter outermost() {
        return this;
    }

    @Override
    List<Long> chain() {
        return isAwaited() ? call.chain() : List.of();
    }

    @Override
    public void answer(@Nullable Object value) {
        if (isAwaited()) {
            end(result(value));
        }
    }

    private Result result(@Nullable Object value) {
        try {
            Signature method = signature;
            return new Result.Value(parcels.write(method == null ? value : method.writeAnswer(value)));
        } catch (IllegalArgumentException e) {
            LOG.warn("process {}: its answer cannot be sent: {}", new Address(call.address()), e.getMessage());
            return new Result.Error("UnsendableAnswer", String.valueOf(e.getMessage()));
        }
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
        end(new Result.Error(kind, message));
    }

    @Override
    void unknown(Outcome.Cause why) {
        end(mayHaveRun(why));
    }

    /** There is no such answer: whoever asks from elsewhere is told so as an error. */
    static Result mayHaveRun(Outcome.Cause why) {
        return new Result.Error("OutcomeUnknown", "it may have run: " + why);
    }

    void closesCycle(LocalProcess asked) {
        String asker = "process " + new Address(call.chain().getLast());
        end(new Result.Error(CallCycleException.KIND, CallCycleException.text(asker, asked.toString())));
    }

    @Override
    void notRun(NotRun why) {
        end(
                switch (why) {
                    case BUSY -> new Result.NotRun(RefusedReason.BUSY, BUSY_NANOS);
                    case NO_SUCH_PROCESS -> new Result.NotRun(RefusedReason.NO_SUCH_PROCESS, 0);
                    case TIMED_OUT -> new Result.NotRun(RefusedReason.TIMED_OUT, 0);
                });
    }

    private void end(Result how) {
        if (ended.compareAndSet(false, true)) {
            work.answer(how);
        }
    }
}
