package dev.berth.node.worker;

import dev.berth.core.call.Judge.Verdict;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.cluster.Grant;
import dev.berth.core.wire.Bytes;
import dev.berth.node.member.SlotHost.Report;
import dev.berth.node.plane.Work;
import dev.berth.node.store.SlotWriter;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// No thread waits while there is nothing to do: whoever puts a message into an idle slot starts a runner, which ends
// when the mailbox is empty. A handler that does not block needs no runner: whoever puts the message runs it, as long
// as nothing waits before it. The mailbox is bounded by the admissions that feed it: a message counts there until it is
// taken here.

/** One slot under one epoch: its mailbox, and its turn to run. Any thread; its code runs one at a time. */
final class SlotRunner implements SlotWork, Acting {
    private static final Logger LOG = LoggerFactory.getLogger(SlotRunner.class);
    private static final long AT_ONCE_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final int BLAME_OF_A_SLOW_ONE = 100;
    private static final int BLAME_MAX = 250;
    private final Grant grant;
    private final Slot slot;
    private final SlotService service;
    private final SlotStore store;
    private final Counts.Ends counts;
    private final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();
    private ArrayDeque<Work> mailbox = new ArrayDeque<>();
    /** What the runner has taken from the mailbox at once; the runner's. */
    private ArrayDeque<Work> batch = new ArrayDeque<>();

    /** Whether handlers run where messages arrive; the loop's. */
    private boolean atOnce;

    /** Grows with each slow handler there and shrinks with each quick one: a machine that pauses now and then is no blame. */
    private int blame;

    private boolean running;
    private boolean serving;
    private volatile boolean suspended;
    private volatile boolean dropped;
    private @Nullable Runnable whenQuiet;
    private volatile @Nullable Work atHand;

    SlotRunner(
            Grant grant,
            Slot slot,
            SlotService service,
            Executor executor,
            BooleanSupplier mayAct,
            @Nullable SlotWriter writer,
            Counts.Ends counts) {
        this.grant = grant;
        this.slot = slot;
        this.service = service;
        this.executor = executor;
        this.counts = counts;
        this.atOnce = !service.mayBlock();
        this.store = new SlotStore(grant, writer, mayAct, () -> dropped);
    }

    @Override
    public Grant grant() {
        return grant;
    }

    @Override
    public Slot slot() {
        return slot;
    }

    @Override
    public boolean serves() {
        lock.lock();
        try {
            return serving;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Work atHand() {
        return atHand;
    }

    @Override
    public void put(Work work) {
        boolean start;
        boolean now;
        lock.lock();
        try {
            now = atOnce && !running && mailbox.isEmpty() && !(suspended && serving);
            if (now) {
                running = true;
                start = false;
            } else {
                mailbox.addLast(work);
                start = begins();
            }
        } finally {
            lock.unlock();
        }
        if (now) {
            ScopedValue.where(CURRENT, this).run(() -> runAtOnce(work));
        } else if (start) {
            run();
        }
    }

    private void runAtOnce(Work work) {
        long start = System.nanoTime();
        run(work);
        long took = System.nanoTime() - start;
        blame = took > AT_ONCE_MAX_NANOS ? blame + BLAME_OF_A_SLOW_ONE : Math.max(0, blame - 1);
        locked(() -> running = false);
        if (blame > BLAME_MAX && atOnce) {
            atOnce = false;
            LOG.warn(
                    "slot {}: handle() takes long on the event loop, last time {} ms, and says that it does not"
                            + " (SlotService.mayBlock); from now on it is called on virtual threads",
                    slot,
                    TimeUnit.NANOSECONDS.toMillis(took));
        }
        proceed();
    }

    @Override
    public void serve() {
        locked(() -> serving = true);
        proceed();
    }

    @Override
    public void suspend() {
        locked(() -> suspended = true);
    }

    @Override
    public void resume() {
        locked(() -> suspended = false);
        proceed();
    }

    @Override
    public void quiesce(Runnable done) {
        locked(() -> {
            serving = false;
            whenQuiet = done;
        });
        proceed();
    }

    @Override
    public void drop(String cause) {
        locked(() -> dropped = true);
        proceed();
        executor.execute(() -> guarded(() -> service.dropped(slot, cause)));
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException thrown) {
            LOG.error("slot {}: dropped() threw", slot, thrown);
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    private void proceed() {
        boolean start;
        lock.lock();
        try {
            start = begins();
        } finally {
            lock.unlock();
        }
        if (start) {
            run();
        }
    }

    /** Whether a runner is to be started; with the lock. */
    private boolean begins() {
        boolean start = !running && (!mailbox.isEmpty() || whenQuiet != null) && (dropped || !(suspended && serving));
        running |= start;
        return start;
    }

    private void run() {
        executor.execute(() -> ScopedValue.where(CURRENT, this).run(this::runAll));
    }

    private void runAll() {
        for (Work work = next(); work != null; work = next()) {
            run(work);
        }
    }

    /** The next message, or null when there is nothing to do: then another runner may start. */
    private @Nullable Work next() {
        Work work = suspended && !dropped ? null : batch.pollFirst();
        return work == null ? nextBatch() : work;
    }

    private @Nullable Work nextBatch() {
        Runnable quiet = null;
        lock.lock();
        try {
            putBack();
            if (!mailbox.isEmpty() && (!suspended || dropped)) {
                ArrayDeque<Work> taken = mailbox;
                mailbox = batch;
                batch = taken;
                return taken.pollFirst();
            }
            running = false;
            if (!serving) {
                quiet = whenQuiet;
                whenQuiet = null;
            }
        } finally {
            lock.unlock();
        }
        if (quiet != null) {
            quiet.run();
        }
        return null;
    }

    /** What was taken and may not run now waits at the head again; with the lock. */
    private void putBack() {
        for (Work last = batch.pollLast(); last != null; last = batch.pollLast()) {
            mailbox.addFirst(last);
        }
    }

    private void run(Work work) {
        Verdict verdict = dropped ? Verdict.MOVED : work.judge();
        switch (verdict) {
            case RUN -> work.answer(handle(work));
            case NOT_NOW -> awaitResume(work);
            case HOLD, AWAIT_SLOT, DROP, MOVED, TIMED_OUT -> work.returned();
        }
    }

    /** The lease is over, and nobody may have said so yet. If it has come back meanwhile, nobody will say so again. */
    private void awaitResume(Work work) {
        locked(() -> {
            putBack();
            mailbox.addFirst(work);
            suspended = true;
        });
        if (work.judge() != Verdict.NOT_NOW) {
            locked(() -> suspended = false);
        }
    }

    private Result handle(Work work) {
        atHand = work;
        try {
            Bytes value = service.handle(new ServiceCall(slot, store, work));
            if (work.dispatch().call().session() != 0) {
                requireSendable(value);
            }
            counts.done.increment();
            return new Result.Value(value == null ? Bytes.EMPTY : value);
        } catch (InterruptedException interrupted) {
            if (Thread.currentThread().isVirtual()) {
                // Not the loop's, which runs handlers that say they never wait.
                Thread.currentThread().interrupt();
            }
            counts.failed.increment();
            return new Result.Error("InterruptedException", "the handler was interrupted");
        } catch (Exception | Error thrown) {
            // Otherwise its runner would end and the slot stand still for good.
            counts.failed.increment();
            return new Result.Error(thrown.getClass().getSimpleName(), String.valueOf(thrown.getMessage()));
        } finally {
            atHand = null;
        }
    }

    /** What does not fit a frame would end the connection's loop, and with it the node. */
    private void requireSendable(@Nullable Bytes value) {
        if (value == null || value.length() > PeerMessage.BODY_MAX) {
            throw new IllegalStateException(
                    "handle() of slot " + slot + " has returned " + (value == null ? "null" : value.length() + " bytes")
                            + "; an answer has 0 to " + PeerMessage.BODY_MAX);
        }
    }

    @Override
    public void load(Report report) {
        executor.execute(() -> ScopedValue.where(CURRENT, this).run(() -> {
            try {
                service.load(slot, store);
                report.done();
            } catch (Exception | Error thrown) {
                LOG.warn("slot {}: load() threw", slot, thrown);
                report.failed(thrown.toString());
            }
        }));
    }

    @Override
    public void flush(Report report) {
        executor.execute(() -> ScopedValue.where(CURRENT, this).run(() -> {
            try {
                service.flush(slot);
                report.done();
            } catch (Exception | Error thrown) {
                LOG.warn("slot {}: flush() threw", slot, thrown);
                report.failed(thrown.toString());
            }
        }));
    }
}
