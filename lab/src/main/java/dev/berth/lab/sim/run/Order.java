package dev.berth.lab.sim.run;

import dev.berth.core.audit.Invariant;
import dev.berth.lab.sim.Machines;
import dev.berth.lab.sim.fault.FaultKind;
import java.util.Set;

/**
 * What is to be run.
 *
 * @param nodes members, gates included
 * @param minutes of virtual time with faults
 * @param withoutKinds faults of these kinds are left out of the seed's plan, {@code withoutFaults} single ones
 * @param muted invariants that are not to be heard, for runs with a measure taken away
 * @param traceLines how many last lines of the trace are kept; 0 = none
 */
public record Order(
        long seed,
        int nodes,
        int masters,
        int minutes,
        Machines machines,
        Set<FaultKind> withoutKinds,
        Set<Integer> withoutFaults,
        Set<Invariant> muted,
        int traceLines) {
    public static Order of(long seed, int nodes, int masters, int minutes) {
        return new Order(seed, nodes, masters, minutes, Machines.REAL, Set.of(), Set.of(), Set.of(), 0);
    }

    public Order traced(int lines) {
        return new Order(seed, nodes, masters, minutes, machines, withoutKinds, withoutFaults, muted, lines);
    }

    public Order with(Machines other, Set<Invariant> mute) {
        return new Order(seed, nodes, masters, minutes, other, withoutKinds, withoutFaults, mute, traceLines);
    }

    public Order without(Set<FaultKind> kinds, Set<Integer> faults) {
        return new Order(seed, nodes, masters, minutes, machines, kinds, faults, muted, traceLines);
    }

    public Order sized(int otherNodes, int otherMinutes) {
        return new Order(
                seed, otherNodes, masters, otherMinutes, machines, withoutKinds, withoutFaults, muted, traceLines);
    }
}
