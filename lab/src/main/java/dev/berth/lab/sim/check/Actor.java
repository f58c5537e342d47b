package dev.berth.lab.sim.check;

import dev.berth.core.cluster.Incarnation;
import dev.berth.lab.sim.host.Host;

/** A member's process as the checks see it. */
public interface Actor {
    String name();

    int number();

    Host host();

    boolean isAlive();

    /** Its life in the cluster, or none. */
    Incarnation self();

    /** Whether its lease check would succeed at this instant. */
    boolean mayAct();

    /** The view that it acts by; 0 before the first. */
    long applied();
}
