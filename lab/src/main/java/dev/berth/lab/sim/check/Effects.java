package dev.berth.lab.sim.check;

import dev.berth.core.audit.Invariant;
import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.lab.sim.store.Append;
import dev.berth.lab.sim.store.Entry;
import dev.berth.lab.sim.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** I2 and I7: writes never go back in epoch, and acknowledged operations have exactly one effect. One thread. */
final class Effects implements Store.Witness {
    private record Acknowledged(SlotId slot, int key, OperationId operation, String caller) {}

    private final TreeMap<SlotId, Long> newest = new TreeMap<>();
    private final List<Acknowledged> acknowledged = new ArrayList<>();

    @Override
    public void loaded(Grant grant) {
        newest.merge(grant.slot(), grant.epoch(), Math::max);
    }

    @Override
    public void accepted(Append append, Entry entry) {
        Grant grant = append.grant();
        long known = newest.merge(grant.slot(), grant.epoch(), Math::max);
        if (grant.epoch() < known) {
            throw new Violation(
                    Invariant.I2,
                    "the store accepted a write of " + grant + " after epoch " + known + " had loaded or written");
        }
        if (entry.doubles() > 0) {
            throw new Violation(
                    Invariant.I7,
                    append.operation() + " has a second effect in " + grant.slot() + " key " + append.key());
        }
    }

    void acknowledged(Store store, String caller, SlotId slot, int key, OperationId operation) {
        acknowledged.add(new Acknowledged(slot, key, operation, caller));
        if (!store.entry(slot, key).has(operation)) {
            throw new Violation(
                    Invariant.I7,
                    caller + " was told that " + operation + " on " + slot + " key " + key
                            + " is done, but the store does not have it");
        }
    }

    int count() {
        return acknowledged.size();
    }

    /** After everything: what was acknowledged is still there. */
    void checkAll(Store store) {
        for (Acknowledged each : acknowledged) {
            if (!store.entry(each.slot(), each.key()).has(each.operation())) {
                throw new Violation(
                        Invariant.I7,
                        each.caller() + " had " + each.operation() + " on " + each.slot() + " key " + each.key()
                                + " acknowledged, and now the store does not have it");
            }
        }
    }
}
