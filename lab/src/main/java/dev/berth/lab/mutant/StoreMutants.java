package dev.berth.lab.mutant;

import dev.berth.core.cluster.Grant;
import dev.berth.core.store.Fences;
import dev.berth.lab.sim.Machines;

/** Stores and owners that lack one measure each. Any thread. */
final class StoreMutants {
    private StoreMutants() {}

    /** The store compares nothing. */
    static Machines fence(Machines machines) {
        return machines.withFences(() -> new Fences() {
            @Override
            protected boolean fences(Grant grant, long stored) {
                return false;
            }

            @Override
            protected boolean misses(Grant grant, long stored) {
                return false;
            }
        });
    }
}
