package dev.berth.node.plane;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// Who finds the inbox empty wakes the loop; who finds something in it leaves his errand on top and goes his way.
// The loop takes all of it at once and turns it round. So a thousand errands cost one task and at most one wake-up.
// Each knows how many lie below it, so the bound costs no counter.

/** What other threads want done on a loop, in the order in which each thread says it. Any thread adds; the loop drains. */
final class Inbox {
    private final EventLoop loop;
    private final Runnable drain;
    private final Consumer<? super Throwable> broken;
    private final AtomicReference<@Nullable Errand> newest = new AtomicReference<>();

    /** Something to do; in an inbox once. */
    abstract static class Errand {
        private @Nullable Errand before;
        private int depth;

        /** Called on the loop. */
        abstract void run();

        /** Instead, on any thread, when the loop has ended: it is never run. */
        void tooLate() {}
    }

    /**
     * @param drained a task of the loop that calls {@link #runAll}
     * @param broken hears what an errand throws; the others are done all the same
     */
    Inbox(EventLoop loop, Runnable drained, Consumer<? super Throwable> broken) {
        this.loop = loop;
        this.drain = drained;
        this.broken = broken;
    }

    void add(Errand errand) {
        offer(errand, Integer.MAX_VALUE);
    }

    /** False, and not added, if so many wait already. */
    boolean offer(Errand errand, int max) {
        Errand top;
        do {
            top = newest.get();
            errand.depth = top == null ? 1 : top.depth + 1;
            if (errand.depth > max) {
                return false;
            }
            errand.before = top;
        } while (!newest.compareAndSet(top, errand));
        if (top == null) {
            try {
                loop.execute(drain);
            } catch (RejectedExecutionException ended) {
                runEach(Errand::tooLate);
            }
        }
        return true;
    }

    /** Runs what has been added so far; what is added meanwhile has a task of its own. */
    void runAll() {
        runEach(Errand::run);
    }

    private void runEach(Consumer<Errand> way) {
        for (Errand next = oldest(newest.getAndSet(null)); next != null; ) {
            Errand after = next.before;
            next.before = null;
            try {
                way.accept(next);
            } catch (RuntimeException | Error thrown) {
                broken.accept(thrown);
            }
            next = after;
        }
    }

    /** Turns the list round. */
    private static @Nullable Errand oldest(@Nullable Errand top) {
        Errand oldest = null;
        for (Errand each = top; each != null; ) {
            Errand before = each.before;
            each.before = oldest;
            oldest = each;
            each = before;
        }
        return oldest;
    }
}
