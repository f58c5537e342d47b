package dev.berth.test;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

// Entities' code may wait in the middle of a method, so it needs a thread. But it runs only while the scene waits for
// it: at each of its waits it gives the scene back, and its going on is a step like any other.

/** A piece of code that may wait, and runs while everything else stands still. */
final class Strand {
    private static final ScopedValue<Strand> CURRENT = ScopedValue.newInstance();

    /** The cluster of the test is over. */
    private static final class Over extends Error {
        private static final long serialVersionUID = 1;

        Over() {
            super("the test is over", null, false, false);
        }
    }

    private final long number;
    private final Scene.Lane lane;
    private final Runnable body;
    private final Semaphore goOn = new Semaphore(0);
    private final Semaphore waits = new Semaphore(0);
    private @Nullable Thread thread;
    private boolean ended;
    private boolean over;
    private @Nullable Throwable thrown;

    /** @param lane where its goings on are steps */
    Strand(long number, Scene.Lane lane, Runnable body) {
        this.number = number;
        this.lane = lane;
        this.body = body;
    }

    /** The one that this thread is; null for the test's. */
    static @Nullable Strand current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    /** Stands for the thread where calls are kept in order. */
    long number() {
        return number;
    }

    boolean hasEnded() {
        return ended;
    }

    /** A step: until its next wait, or its end. */
    void play() {
        if (thread == null) {
            thread = Thread.startVirtualThread(this::run);
        }
        goOn.release();
        waits.acquireUninterruptibly();
        switch (thrown) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {}
        }
    }

    private void run() {
        goOn.acquireUninterruptibly();
        try {
            ScopedValue.where(CURRENT, this).run(body);
        } catch (Over cut) {
            // As a killed process ends: without a word.
        } catch (RuntimeException | Error broken) {
            thrown = broken;
        } finally {
            ended = true;
            waits.release();
        }
    }

    /** On its own thread: lets the others play until that is done. */
    void await(CompletableFuture<?> what) {
        if (over) {
            throw new Over();
        }
        var _ = what.whenComplete((_, _) -> lane.add(this::play));
        waits.release();
        goOn.acquireUninterruptibly();
        if (over) {
            throw new Over();
        }
    }

    /** Its thread ends, if it still waits for something. */
    void end() {
        if (thread != null && !ended) {
            over = true;
            goOn.release();
            waits.acquireUninterruptibly();
        }
    }
}
