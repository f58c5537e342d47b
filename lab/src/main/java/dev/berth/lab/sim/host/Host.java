package dev.berth.lab.sim.host;

import dev.berth.lab.sim.kernel.Agenda;
import dev.berth.lab.sim.kernel.LocalClock;
import java.util.ArrayList;
import java.util.List;

/** A machine: a clock, and processes that share it. One thread. */
public final class Host {
    private final Agenda agenda;
    private final int index;
    private final String name;
    private final LocalClock clock;
    private final List<Process> processes = new ArrayList<>();
    private boolean frozen;
    private long frozenUntil = Long.MIN_VALUE;

    public Host(Agenda agenda, int index, String name, LocalClock clock) {
        this.agenda = agenda;
        this.index = index;
        this.name = name;
        this.clock = clock;
    }

    public int index() {
        return index;
    }

    public String name() {
        return name;
    }

    public LocalClock clock() {
        return clock;
    }

    /** The monotonic clock: the {@code nowNanos} of every machine of protocol that runs here. */
    public long monotonic() {
        return clock.monotonic(agenda.now());
    }

    public long wall() {
        return clock.wall(agenda.now());
    }

    public long uptime() {
        return clock.uptime(agenda.now());
    }

    /** Those that have not ended. */
    public List<Process> processes() {
        return processes;
    }

    public boolean isFrozen() {
        return frozen;
    }

    /** The whole machine stands still, its monotonic clock too; with {@code unseen}, all of its clocks. */
    public void freeze(boolean unseen) {
        if (!frozen) {
            frozen = true;
            clock.freeze(agenda.now(), unseen);
            List.copyOf(processes).forEach(Process::hold);
        }
    }

    public void thaw() {
        if (frozen) {
            frozen = false;
            frozenUntil = agenda.now();
            clock.thaw(agenda.now());
            List.copyOf(processes).forEach(Process::letGo);
            clockChanged();
        }
    }

    /** Another speed of the clock, within the bound that the protocol was told. */
    public void setRate(int ppm) {
        clock.setRate(agenda.now(), ppm);
        clockChanged();
    }

    /** The last instant at which its clock stood still; far in the past if it never did. */
    public long frozenUntil() {
        return frozen ? agenda.now() : frozenUntil;
    }

    private void clockChanged() {
        List.copyOf(processes).forEach(Process::clockChanged);
    }
}
