package dev.berth.lab.sim.check;

import dev.berth.core.audit.Invariant;

/** An invariant does not hold: the run ends here. */
public final class Violation extends RuntimeException {
    private final Invariant invariant;

    public Violation(Invariant invariant, String sentence) {
        super(sentence);
        this.invariant = invariant;
    }

    public Invariant invariant() {
        return invariant;
    }
}
