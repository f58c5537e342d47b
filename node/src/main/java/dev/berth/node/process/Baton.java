package dev.berth.node.process;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

// One at a time has it. Who waits gives it away, and gets it back when everybody who took it since is done, so that
// what runs in between is over when a call returns.

/** Who runs the code of a reentrant process: its own runner, or, while that waits, those for whom it does. Any thread. */
final class Baton {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private boolean isHeld;
    private int depth;

    /** Runs its code, when nobody else does. */
    void with(Runnable turn) {
        take(0);
        try {
            turn.run();
        } finally {
            giveUp(true);
        }
    }

    /** The code waits; others may run it meanwhile. */
    @Nullable
    Object whileAway(Supplier<@Nullable Object> wait) {
        int mine = giveUp(false);
        try {
            return wait.get();
        } finally {
            take(mine);
        }
    }

    /** @param mine how many had it when it was given away; 0 for one more */
    private void take(int mine) {
        lock.lock();
        try {
            while (isHeld || (mine > 0 && depth != mine)) {
                moved.awaitUninterruptibly();
            }
            isHeld = true;
            depth += mine > 0 ? 0 : 1;
        } finally {
            lock.unlock();
        }
    }

    private int giveUp(boolean done) {
        lock.lock();
        try {
            isHeld = false;
            int mine = depth;
            depth -= done ? 1 : 0;
            moved.signalAll();
            return mine;
        } finally {
            lock.unlock();
        }
    }
}
