package dev.berth.lab.sim.check;

import dev.berth.core.audit.Invariant;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import java.util.TreeMap;

/** I2: what a slot had done when it was released, its next owner finds. One thread. */
final class Handovers {
    private final TreeMap<SlotId, Long> atRelease = new TreeMap<>();

    /** Said again and again until a view shows that it was heard. */
    void released(Grant grant, long effects) {
        atRelease.merge(grant.slot(), effects, Math::max);
    }

    void loaded(Grant grant, long effects) {
        long known = atRelease.getOrDefault(grant.slot(), 0L);
        if (effects < known) {
            throw new Violation(
                    Invariant.I2,
                    grant + " finds " + effects + " effects in the store; the slot was released with " + known);
        }
    }
}
