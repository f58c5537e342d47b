package dev.berth.node.process;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

// As many seats as processors; whoever sits in one drains ready processes on a virtual thread. A runner that has to
// wait gives its seat to another first, and a watchdog takes the seat of one that waits in code which does not tell:
// so neither a call nor a sleep stops the others, and a process costs a thread only while it waits. What a runner
// itself makes ready it runs next, so two processes that talk to each other stay on one processor.

/** Runs the ready processes of a node. Any thread. */
final class Runners implements AutoCloseable {
    private static final long WATCH_NANOS = 1_000_000;
    private static final long WATCH_CLOSELY_NANOS = 50_000;

    final BooleanSupplier mayRun;
    private final ConcurrentLinkedQueue<LocalProcess> ready = new ConcurrentLinkedQueue<>();
    private final AtomicReferenceArray<@Nullable Runner> seats;
    private final AtomicInteger searching = new AtomicInteger();
    private final Thread watchdog;
    private volatile boolean closed;
    private volatile boolean watching;
    private volatile boolean held;

    @SuppressWarnings("unused") // by its handle
    private volatile int seated;

    private static final VarHandle SEATED;

    static {
        try {
            SEATED = MethodHandles.lookup().findVarHandle(Runners.class, "seated", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** @param mayRun asked before each turn of a process: while it is false nothing is begun */
    Runners(int processors, BooleanSupplier mayRun) {
        this.seats = new AtomicReferenceArray<>(processors);
        this.mayRun = mayRun;
        this.watchdog = Thread.ofPlatform().daemon().name("berth-watchdog").unstarted(this::watch);
        watchdog.start();
    }

    int processors() {
        return seats.length();
    }

    /** The process has something to do and is in nobody's hands. */
    void ready(LocalProcess process) {
        Runner self = Runner.current();
        if (self != null && self.runners() == this && self.runsNext(process)) {
            return;
        }
        queue(process);
    }

    void queue(LocalProcess process) {
        ready.add(process);
        callOne();
    }

    /** Has somebody look at the queue, if nobody does. */
    void callOne() {
        if (searching.get() == 0 && (int) SEATED.getVolatile(this) < seats.length()) {
            start();
        }
    }

    private void start() {
        if (closed) {
            return;
        }
        if (!mayRun.getAsBoolean()) {
            hold();
            return;
        }
        Runner runner = Runner.seeking(this);
        if (sit(runner)) {
            runner.start();
            if (!watching) {
                LockSupport.unpark(watchdog);
            }
        }
    }

    /** The node may not act: what is ready waits, and the watchdog sees when it may again. */
    void hold() {
        held = true;
        LockSupport.unpark(watchdog);
    }

    boolean sit(Runner runner) {
        for (int i = 0; i < seats.length(); i++) {
            if (seats.get(i) == null && seats.compareAndSet(i, null, runner)) {
                runner.seat = i;
                SEATED.getAndAdd(this, 1);
                return true;
            }
        }
        return false;
    }

    boolean sits(Runner runner) {
        return seats.get(runner.seat) == runner;
    }

    /** False if the watchdog has taken it already. */
    boolean leave(Runner runner) {
        if (seats.get(runner.seat) == runner && seats.compareAndSet(runner.seat, runner, null)) {
            SEATED.getAndAdd(this, -1);
            return true;
        }
        return false;
    }

    @Nullable
    LocalProcess poll() {
        return ready.poll();
    }

    boolean isIdle() {
        return ready.isEmpty();
    }

    /** Somebody else looks already; two would keep two processors from those who have work. */
    boolean isSearching() {
        return searching.get() > 0;
    }

    void searches(int change) {
        searching.getAndAdd(change);
    }

    private void watch() {
        long pause = WATCH_NANOS;
        while (!closed) {
            watching = isAnythingToWatch();
            if (!watching && !isAnythingToWatch()) {
                LockSupport.park(this);
            }
            watching = true;
            LockSupport.parkNanos(this, pause);
            pause = sweep(pause == WATCH_NANOS) ? WATCH_CLOSELY_NANOS : WATCH_NANOS;
            if (held && mayRun.getAsBoolean()) {
                held = false;
                callAll();
            }
        }
    }

    private boolean isAnythingToWatch() {
        return held || (int) SEATED.getVolatile(this) > 0;
    }

    private void callAll() {
        for (int i = 0; i < seats.length() && !ready.isEmpty(); i++) {
            start();
        }
    }

    /** True if it has found somebody who waits: there may be more behind him. */
    private boolean sweep(boolean tick) {
        boolean found = false;
        for (int i = 0; i < seats.length(); i++) {
            Runner runner = seats.get(i);
            if (runner != null && runner.isStuck(tick) && leave(runner)) {
                runner.handOn();
                found = true;
                if (!ready.isEmpty()) {
                    start();
                }
            }
        }
        return found;
    }

    /** Nothing is begun any more; what runs goes on. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(watchdog);
    }

    boolean isClosed() {
        return closed;
    }
}
