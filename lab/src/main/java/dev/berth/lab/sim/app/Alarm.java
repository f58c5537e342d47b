package dev.berth.lab.sim.app;

import dev.berth.core.machine.Machine;
import dev.berth.lab.sim.host.Process;
import dev.berth.lab.sim.kernel.Agenda;
import dev.berth.lab.sim.kernel.Event;

/** One timer of a process, set by its machine's clock; it may ring early, never late. One thread. */
final class Alarm {
    private final Agenda agenda;
    private final Process process;
    private final Event ring;
    private long instant = Machine.NEVER;

    Alarm(Agenda agenda, Process process, Event ring) {
        this.agenda = agenda;
        this.process = process;
        this.ring = ring;
    }

    /** Sees to it that it rings when the machine's clock shows this reading, if not before. */
    void set(long reading) {
        if (reading == Machine.NEVER) {
            return;
        }
        long next = process.host().clock().instantOf(reading, agenda.now());
        if (next < instant) {
            instant = next;
            agenda.at(next, () -> rings(next));
        }
    }

    private void rings(long at) {
        if (instant == at) {
            instant = Machine.NEVER;
            process.post(ring);
        }
    }
}
