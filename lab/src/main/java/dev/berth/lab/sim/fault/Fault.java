package dev.berth.lab.sim.fault;

import dev.berth.lab.sim.kernel.Trace;

/**
 * One fault of a plan. Whom it hits and how hard is drawn from its own seed when it comes.
 *
 * @param index its number in the plan: faults can be left out one by one
 */
public record Fault(int index, FaultKind kind, long atNanos, long seed) {
    @Override
    public String toString() {
        return "fault " + index + " " + kind + " at " + Trace.seconds(atNanos);
    }
}
