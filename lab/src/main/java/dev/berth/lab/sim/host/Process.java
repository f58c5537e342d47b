package dev.berth.lab.sim.host;

import dev.berth.lab.sim.kernel.Agenda;
import dev.berth.lab.sim.kernel.Event;
import java.util.ArrayDeque;

// A process takes its work one piece at a time. It can be held between any two pieces, and each action of a machine
// is a piece of its own: a pause can fall between the decision and its effect, or between two effects of one
// decision. What arrives meanwhile waits, as it would in the kernel's buffers, and is taken up in order.

/** One life of an operating-system process. One thread. */
public abstract class Process {
    private final Agenda agenda;
    private final Host host;
    private final int number;
    private final String name;
    private final ArrayDeque<Event> inbox = new ArrayDeque<>();
    private boolean alive = true;
    private boolean busy;
    private int holds;
    private int holdsVoided;
    private int piecesUntilHold;
    private long piecesHoldNanos;

    protected Process(Agenda agenda, Host host, int number, String name) {
        this.agenda = agenda;
        this.host = host;
        this.number = number;
        this.name = name;
        host.processes().add(this);
        if (host.isFrozen()) {
            holds = 1;
        }
    }

    /** Never used again by another process; also its address. */
    public final int number() {
        return number;
    }

    public final String name() {
        return name;
    }

    public final Host host() {
        return host;
    }

    public final boolean isAlive() {
        return alive;
    }

    public final boolean isHeld() {
        return holds > 0;
    }

    protected final Agenda agenda() {
        return agenda;
    }

    /** Does the work now, or after what waits already; a dead process does nothing. */
    public final void post(Event work) {
        if (!alive) {
            return;
        }
        if (busy || holds > 0) {
            inbox.addLast(work);
            return;
        }
        busy = true;
        awake();
        work.fire();
        busy = false;
        work();
    }

    /** One piece of work begins; the process stops before it if a fault says so. */
    protected final boolean begin() {
        if (piecesUntilHold > 0 && --piecesUntilHold == 0) {
            holdFor(piecesHoldNanos);
        }
        return alive && holds == 0;
    }

    /** Does the unfinished work of the last piece; called before anything else is taken up. */
    protected abstract void finish();

    /** Called before work after a silence: the place to look at the clocks. */
    protected void awake() {}

    /** The machine's clock was changed: timers are to be set again. */
    protected void clockChanged() {}

    /** The process is gone, by its own will or not. */
    protected abstract void ended();

    private void work() {
        while (alive && holds == 0 && !busy) {
            busy = true;
            finish();
            busy = false;
            if (!alive || holds > 0 || inbox.isEmpty()) {
                return;
            }
            busy = true;
            awake();
            inbox.removeFirst().fire();
            busy = false;
        }
    }

    /** Stops the process (SIGSTOP, a long collection of garbage); time goes on around it. Holds are counted. */
    public final void hold() {
        holds++;
    }

    public final void letGo() {
        if (holds == 0) {
            throw new IllegalStateException(name + " is not held");
        }
        holds--;
        if (holds == 0 && alive) {
            work();
        }
    }

    public final void holdFor(long nanos) {
        hold();
        int voided = holdsVoided;
        agenda.in(nanos, () -> {
            if (voided == holdsVoided) {
                letGo();
            }
        });
    }

    /** Ends all holds, also those that would have lasted longer. */
    public final void letGoWholly() {
        holdsVoided++;
        piecesUntilHold = 0;
        if (holds > 0) {
            holds = 1;
            letGo();
        }
    }

    /** Holds the process before its {@code pieces}-th piece of work from now. */
    public final void holdAfter(int pieces, long nanos) {
        piecesUntilHold = pieces;
        piecesHoldNanos = nanos;
    }

    /** Kill -9, or the end of the program. */
    public final void end() {
        if (alive) {
            alive = false;
            inbox.clear();
            host.processes().remove(this);
            ended();
        }
    }

    @Override
    public final String toString() {
        return name;
    }
}
