package dev.berth.node.worker;

import dev.berth.node.member.ViewStep;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// Each listener has a queue and, while there is something in it, a virtual thread of its own: one that blocks holds up
// neither the node nor the other listeners. A listener that is too slow loses nothing but the single steps: when its
// queue is full, what comes is joined to what came last.

/** Tells one listener of every view, in order. Any thread. */
final class ViewFeed implements Subscription {
    static final int WAITING_MAX = 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(ViewFeed.class);

    private final Executor threads;
    private final Consumer<? super ViewChange> listener;
    private final Consumer<? super ViewFeed> closed;
    private final ArrayDeque<ViewStep> waiting = new ArrayDeque<>();
    private boolean telling;
    private boolean over;

    /** @param closed told when nothing more is to be offered */
    ViewFeed(Executor threads, Consumer<? super ViewChange> listener, Consumer<? super ViewFeed> closed) {
        this.threads = threads;
        this.listener = listener;
        this.closed = closed;
    }

    synchronized void offer(ViewStep step) {
        if (over) {
            return;
        }
        if (waiting.size() == WAITING_MAX) {
            waiting.addLast(waiting.removeLast().and(step));
        } else {
            waiting.addLast(step);
        }
        if (!telling) {
            telling = true;
            try {
                threads.execute(this::tell);
            } catch (RejectedExecutionException ended) {
                // The node is over: there will be no more views.
                over = true;
            }
        }
    }

    private void tell() {
        for (ViewStep step = next(); step != null; step = next()) {
            try {
                listener.accept(ViewChange.of(step));
            } catch (RuntimeException | Error thrown) {
                // It may have taken in half of the change, so what it mirrors is wrong from now on.
                LOG.error(
                        "a listener of view changes threw at view {} and is told nothing more; mend it and start"
                                + " the node anew",
                        step.view().number(),
                        thrown);
                close();
            }
        }
    }

    private synchronized @Nullable ViewStep next() {
        ViewStep step = over ? null : waiting.poll();
        telling = step != null;
        return step;
    }

    @Override
    public void close() {
        synchronized (this) {
            over = true;
            waiting.clear();
        }
        closed.accept(this);
    }
}
