package dev.berth.node.driver;

import dev.berth.core.machine.Machine;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a machine on a thread of its own. Any thread may {@link #submit}; events are taken in order, actions are performed on
 * the machine's thread. When the machine throws, or an action cannot be performed, {@code onHalt} is told, once, and nothing
 * is performed any more: whoever started the driver then ends the node, so that its leases lapse and others take over.
 */
public final class ThreadDriver<E, A> implements AutoCloseable {
    private static final long LONGEST_WAIT_NANOS = TimeUnit.HOURS.toNanos(1);

    private final String name;
    private final LongSupplier nanoClock;
    private final CallerDriver<E, A> driver;
    private final Consumer<? super MachineHaltedException> onHalt;
    private final ArrayBlockingQueue<E> events;
    private final Thread thread;
    private volatile boolean open = true;
    private volatile @Nullable E last;

    /** @param eventsMax how many events may wait; more are refused */
    public ThreadDriver(
            String name,
            Machine<E, A> machine,
            int eventsMax,
            LongSupplier nanoClock,
            Consumer<? super A> perform,
            Consumer<? super MachineHaltedException> onHalt) {
        this.name = name;
        this.nanoClock = nanoClock;
        this.driver = new CallerDriver<>(name, machine, nanoClock, perform);
        this.onHalt = onHalt;
        this.events = new ArrayBlockingQueue<>(eventsMax);
        this.thread = Thread.ofPlatform().name("berth-" + name).daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Hands an event over; false if the queue is full or the machine has halted or been closed: it was not taken. */
    public boolean submit(E event) {
        return open && events.offer(event);
    }

    /** The same for an event that may be lost: not taken either unless {@code spare} places are left for those that may not. */
    public boolean submitSparing(int spare, E event) {
        return events.remainingCapacity() > spare && submit(event);
    }

    /** Hands over the last event: when it has been carried out, the thread ends. Waits for that. */
    public void finish(E event) {
        last = event;
        if (submit(event)) {
            join();
        } else {
            close();
        }
    }

    /** Ends the thread after the event at hand and waits for that; events still queued are dropped. */
    @Override
    public void close() {
        open = false;
        thread.interrupt();
        join();
    }

    private void join() {
        if (!thread.equals(Thread.currentThread())) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                // The caller is in a hurry; the driver's thread ends by itself.
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try {
            driver.advance();
            while (open) {
                E event = next();
                if (event != null) {
                    driver.on(event);
                }
                if (event != null && event.equals(last)) {
                    open = false;
                    return;
                }
                if (nanoClock.getAsLong() - driver.nextWakeNanos() >= 0) {
                    driver.advance();
                }
            }
        } catch (MachineHaltedException halted) {
            open = false;
            onHalt.accept(halted);
        } catch (RuntimeException | Error unperformed) {
            open = false;
            onHalt.accept(new MachineHaltedException(name, unperformed));
        } catch (InterruptedException closing) {
            // close() has asked for it; the thread ends here and nobody is left to be told.
            open = false;
        }
    }

    private @Nullable E next() throws InterruptedException {
        long wake = driver.nextWakeNanos();
        long wait = wake == Machine.NEVER ? LONGEST_WAIT_NANOS : wake - nanoClock.getAsLong();
        return events.poll(Math.clamp(wait, 0, LONGEST_WAIT_NANOS), TimeUnit.NANOSECONDS);
    }
}
