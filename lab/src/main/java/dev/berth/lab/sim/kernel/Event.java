package dev.berth.lab.sim.kernel;

/** Something that happens at one instant of virtual time. */
@FunctionalInterface
public interface Event {
    void fire();
}
