package dev.berth.client;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

// The driver never waits for a handler, or the client would be silent while one is busy. So it is the readers of
// sockets who wait: what they have read already is all that can be here beyond the bound.

/** What the program is still to be told, and the thread that tells it. Any thread. */
final class Deliveries {
    private static final int WAITING_MAX = 1_024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean isOver;
    private @Nullable Thread thread;

    void start() {
        thread = Thread.ofVirtual().name("berth-client-handlers").start(this::run);
    }

    boolean isCurrentThread() {
        return Thread.currentThread().equals(thread);
    }

    void add(Runnable delivery) {
        lock.lock();
        try {
            waiting.add(delivery);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** What waits is told, then nothing more. */
    void finish() {
        lock.lock();
        try {
            isOver = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** For whoever reads from a socket, before each read. */
    void awaitRoom() {
        lock.lock();
        try {
            while (waiting.size() >= WAITING_MAX && !isOver) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (Runnable next = next(); next != null; next = next()) {
            try {
                next.run();
            } catch (Throwable e) {
                // The program's own: it is told in the JVM's way, and the next item is not held back.
                Thread current = Thread.currentThread();
                current.getUncaughtExceptionHandler().uncaughtException(current, e);
            }
        }
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !isOver) {
                changed.awaitUninterruptibly();
            }
            changed.signalAll();
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }
}
