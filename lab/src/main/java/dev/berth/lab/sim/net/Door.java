package dev.berth.lab.sim.net;

import dev.berth.lab.sim.host.Process;

/** Where a process takes connections: its kernel accepts them even while the process is held. */
public interface Door {
    Process process();

    /** Who listens on a connection that somebody has opened to here. */
    Ear accept(Line line);
}
