package dev.berth.node.demo;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

// The machine would be gone as soon as all hooks have run, in the middle of whatever the command does then. This hook
// interrupts the command's thread instead and waits until that has put everything away.

/** SIGINT or SIGTERM interrupts the thread that has made this, and the process ends when that has closed it. */
public final class AtSignal implements AutoCloseable {
    /** Longer than the launcher takes to end nodes that do not want to. */
    private static final long PATIENCE_SECONDS = 60;

    private final Thread interrupted = Thread.currentThread();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = Thread.ofPlatform().name("berth-end").unstarted(this::end);
    private volatile boolean came;

    public AtSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void end() {
        if (closed.getCount() == 0) {
            return;
        }
        came = true;
        interrupted.interrupt();
        try {
            var _ = closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the thread is to put away what it has made. */
    public boolean came() {
        return came;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
