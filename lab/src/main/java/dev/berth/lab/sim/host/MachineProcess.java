package dev.berth.lab.sim.host;

import dev.berth.core.machine.Machine;
import dev.berth.lab.sim.kernel.Agenda;
import java.util.ArrayDeque;

// The driver of STYLE.md in simulation: events go in one at a time, actions are performed in order, one timer is
// kept. The timer is lazy: an alarm that rings early is answered by setting the next one, so that moving it costs
// nothing.

/** A process around one machine. One thread. */
public abstract class MachineProcess<E, A> extends Process {
    private static final int SPINS_MAX = 1_000;

    private final Machine<E, A> machine;
    private final ArrayDeque<E> events = new ArrayDeque<>();
    private final ArrayDeque<A> actions = new ArrayDeque<>();
    private long alarm = Machine.NEVER;
    private boolean stale = true;
    private long lastRing = -1;
    private int spins;

    protected MachineProcess(Agenda agenda, Host host, int number, String name, Machine<E, A> machine) {
        super(agenda, host, number, name);
        this.machine = machine;
    }

    /** Performs one action; what it answers at once is given to {@link #feed}. */
    protected abstract void perform(A action);

    /** The machine has thrown: it is broken and the node halts. */
    protected abstract void broken(RuntimeException cause);

    /** Called with every event before the machine sees it. */
    protected void taking(E event) {}

    /** Gives the machine an event, after those that wait; to be called from work of this process. */
    protected final void feed(E event) {
        events.addLast(event);
    }

    /** The same from outside. */
    public final void tell(E event) {
        post(() -> feed(event));
    }

    @Override
    protected final void finish() {
        while (performAll()) {
            E next = events.pollFirst();
            if (next == null) {
                setAlarm();
                return;
            }
            taking(next);
            guarded(() -> machine.on(host().monotonic(), next, actions::addLast));
        }
    }

    private boolean performAll() {
        while (!actions.isEmpty()) {
            if (!begin()) {
                return false;
            }
            perform(actions.removeFirst());
        }
        return isAlive() && !isHeld();
    }

    private void ring() {
        spins = agenda().now() == lastRing ? spins + 1 : 0;
        lastRing = agenda().now();
        if (spins > SPINS_MAX) {
            broken(new IllegalStateException(name() + " wants to be woken at " + machine.nextWakeNanos()
                    + "ns, which is past, and goes on wanting it"));
            return;
        }
        guarded(() -> machine.advance(host().monotonic(), actions::addLast));
    }

    private void guarded(Runnable step) {
        stale = true;
        try {
            step.run();
        } catch (RuntimeException e) {
            actions.clear();
            events.clear();
            broken(e);
        }
    }

    private void setAlarm() {
        if (!stale || !isAlive()) {
            return;
        }
        stale = false;
        long wake = machine.nextWakeNanos();
        if (wake == Machine.NEVER) {
            return;
        }
        long instant = host().clock().instantOf(wake, agenda().now());
        if (alarm > instant) {
            alarm = instant;
            agenda().at(instant, () -> rings(instant));
        }
    }

    private void rings(long instant) {
        if (alarm == instant) {
            alarm = Machine.NEVER;
            post(this::ring);
        }
    }

    @Override
    protected final void clockChanged() {
        alarm = Machine.NEVER;
        stale = true;
        setAlarm();
    }
}
