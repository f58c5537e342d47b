package dev.berth.node.driver;

import dev.berth.core.machine.Machine;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

// Actions are performed after the machine has returned, never from inside it: an action may lead straight back to
// another event (a loop-back, a test), which then waits its turn in the queue of actions instead of entering the
// machine twice.

/**
 * Runs a machine on the thread that calls it, for example an event loop that has threads and timers of its own. One thread.
 */
public final class CallerDriver<E, A> {
    private final String name;
    private final Machine<E, A> machine;
    private final LongSupplier nanoClock;
    private final Consumer<? super A> perform;
    private final ArrayDeque<A> actions = new ArrayDeque<>();
    private boolean performing;
    private @Nullable MachineHaltedException halted;

    public CallerDriver(String name, Machine<E, A> machine, LongSupplier nanoClock, Consumer<? super A> perform) {
        this.name = name;
        this.machine = machine;
        this.nanoClock = nanoClock;
        this.perform = perform;
    }

    /** Gives the machine an event and performs what it decides; throws {@link MachineHaltedException} once it has broken. */
    public void on(E event) {
        step(() -> machine.on(nanoClock.getAsLong(), event, actions::add));
    }

    /** Lets time pass; call it no later than {@link #nextWakeNanos}. */
    public void advance() {
        step(() -> machine.advance(nanoClock.getAsLong(), actions::add));
    }

    /** When to call {@link #advance}, on the clock given; {@link Machine#NEVER} for not at all. */
    public long nextWakeNanos() {
        return halted == null ? machine.nextWakeNanos() : Machine.NEVER;
    }

    private void step(Runnable decide) {
        if (halted != null) {
            throw halted;
        }
        try {
            decide.run();
        } catch (RuntimeException | Error broken) {
            actions.clear();
            halted = new MachineHaltedException(name, broken);
            throw halted;
        }
        if (!performing) {
            performAll();
        }
    }

    private void performAll() {
        performing = true;
        try {
            for (A action = actions.poll(); action != null; action = actions.poll()) {
                perform.accept(action);
            }
        } finally {
            performing = false;
        }
    }
}
