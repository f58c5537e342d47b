package dev.berth.core.cluster;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

// A barrier closes when everybody listed has acknowledged the view or surely cannot act. The second is a matter of
// leases, and a lease has two sources: a beat that this master answered, and a touch at the coordinator that it
// knows nothing of. A touch succeeds only on the newest view, so one made before view v was written lasts at most
// L beyond that write: whoever may have touched before is excused from barrier v only Lm after it (rule 25). Whose
// touch node the writing transaction has checked to be untouched needs no such wait.

/** Which views have been acknowledged by all who count (rule 8). One thread: the master's. */
final class Barriers {
    /** A view that was made durable; {@code untouched} are those who, when it was written, had never touched. */
    private record Written(long number, long atNanos, long notBeforeNanos, TreeSet<Incarnation> untouched) {
        Written notBefore(long nanos) {
            return new Written(number, atNanos, Math.max(notBeforeNanos, nanos), untouched);
        }
    }

    private final ArrayDeque<Written> open = new ArrayDeque<>();
    private long closed;
    private @Nullable Life blocker;
    private long blockedUntilNanos = Long.MAX_VALUE;

    long closed() {
        return closed;
    }

    /** When waiting alone may close the next barrier. */
    long nextWakeNanos() {
        return open.isEmpty() ? Long.MAX_VALUE : blockedUntilNanos;
    }

    /** @param notBeforeNanos until when an expelled member may act by a touch */
    void written(long number, long nowNanos, long notBeforeNanos, TreeSet<Incarnation> untouched) {
        if (notBeforeNanos > nowNanos) {
            postponeOpen(notBeforeNanos - nowNanos);
        }
        open.addLast(new Written(number, nowNanos, notBeforeNanos, untouched));
        blocker = null;
    }

    // Whoever is expelled is no longer among those for whom a barrier waits. If it may have touched, it may act by
    // a view from before each of those that are still open, for as long after that one's write.
    private void postponeOpen(long waitNanos) {
        List<Written> earlier = List.copyOf(open);
        open.clear();
        earlier.forEach(view -> open.addLast(view.notBefore(view.atNanos() + waitNanos)));
    }

    /** When the view was written, or the take-over for an earlier one; {@link Long#MAX_VALUE} once its barrier has closed. */
    long writtenNanos(long number) {
        for (Written written : open) {
            if (written.number() >= number) {
                return written.atNanos();
            }
        }
        return Long.MAX_VALUE;
    }

    /** Closes what can be closed; says whether anything was. */
    boolean close(long nowNanos, Leader leader) {
        long before = closed;
        while (!open.isEmpty() && closable(open.getFirst(), nowNanos, leader)) {
            closed = open.removeFirst().number();
            blocker = null;
        }
        return closed > before;
    }

    private boolean closable(Written view, long nowNanos, Leader leader) {
        Life waiting = blocker;
        if (waiting != null
                && waiting.acked < view.number()
                && nowNanos < blockedUntilNanos
                && leader.roster().at(waiting.incarnation()) == waiting
                && !waiting.ended) {
            return false;
        }
        blocker = null;
        blockedUntilNanos = view.notBeforeNanos();
        if (nowNanos < view.notBeforeNanos()) {
            return false;
        }
        for (Set<Life> together : leader.roster().slowestFirst()) {
            for (Life life : together) {
                if (life.acked >= view.number()) {
                    return true;
                }
                long excusedNanos = excusedFromNanos(life, view, leader);
                if (nowNanos <= excusedNanos) {
                    blocker = life;
                    blockedUntilNanos = excusedNanos + 1;
                    return false;
                }
            }
        }
        return true;
    }

    private static long excusedFromNanos(Life life, Written view, Leader leader) {
        if (life.ended) {
            return Long.MIN_VALUE;
        }
        // Whoever was admitted by this view or a later one can touch only after it has applied it.
        boolean mayHaveTouched = leader.touchesCount()
                && life.incarnation().number() < view.number()
                && !view.untouched().contains(life.incarnation());
        long byTouch = mayHaveTouched ? view.atNanos() + leader.excuseWaitNanos() : Long.MIN_VALUE;
        return Math.max(life.leasedUntilNanos, byTouch);
    }
}
