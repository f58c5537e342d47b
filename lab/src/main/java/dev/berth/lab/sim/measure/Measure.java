package dev.berth.lab.sim.measure;

import dev.berth.lab.sim.Machines;
import dev.berth.lab.sim.check.Invariant;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One measure of the protocol, and what a cluster is like without it.
 *
 * @param name as {@code --without} takes it
 * @param protects the invariants one of which is expected to break without it
 */
public record Measure(String name, String sentence, Set<Invariant> protects, UnaryOperator<Machines> removal) {
    public Measure {
        protects = Set.copyOf(protects);
    }

    static Measure of(String name, String sentence, Invariant protects, UnaryOperator<Machines> removal) {
        return new Measure(name, sentence, Set.of(protects), removal);
    }

    /** Only the expected invariants are to be heard while this measure is missing: others might speak first. */
    public Set<Invariant> mutes() {
        Set<Invariant> others = EnumSet.allOf(Invariant.class);
        others.removeAll(protects);
        return others;
    }
}
