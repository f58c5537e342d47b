package dev.berth.core.cluster;

import org.jspecify.annotations.Nullable;

// Two stages for a bucketed service (S5.1): key -> bucket is arithmetic and never changes; bucket -> slot is this
// table and changes when the capacity does. Where a slot lives is its home; a bucket whose owner is not at home is
// moved there by drain.

/** A service as a view has it: its plan and the state of each unit of ownership. Immutable; any thread. */
public final class Service {
    private final ServicePlan plan;
    private final Trie<SlotState> units;
    private final Trie<Integer> slotOfBucket;
    private final Trie<Incarnation> homes;

    private Service(ServicePlan plan, Trie<SlotState> units, Trie<Integer> slotOfBucket, Trie<Incarnation> homes) {
        this.plan = plan;
        this.units = units;
        this.slotOfBucket = slotOfBucket;
        this.homes = homes;
    }

    /** A new service with every unit free; buckets are spread evenly over the slots. */
    public static Service planned(ServicePlan plan) {
        Trie<SlotState> free = Trie.filled(plan.units(), i -> SlotState.Free.CLEAN);
        Trie<Integer> spread = plan.isBucketed()
                ? Trie.filled(plan.buckets(), i -> (int) ((long) i * plan.capacity() / plan.buckets()) + 1)
                : Trie.empty();
        return new Service(plan, free, spread, Trie.empty());
    }

    public ServicePlan plan() {
        return plan;
    }

    public String name() {
        return plan.name();
    }

    /** The state of unit {@code number}, counted from 1. */
    public SlotState unit(int number) {
        SlotState state = units.get(number - 1);
        if (state == null) {
            throw new IllegalArgumentException(
                    "service " + name() + " has no unit " + number + ", only 1.." + plan.units());
        }
        return state;
    }

    public boolean has(int number) {
        return number >= 1 && number <= plan.units();
    }

    /** Visits (number - 1, state) of every unit in order. */
    public void forEachUnit(Trie.Visitor<? super SlotState> visitor) {
        units.forEach(visitor);
    }

    /** The slot that a bucket belongs to; for a plain service the unit is the slot. */
    public int slotOf(int unit) {
        Integer slot = slotOfBucket.get(unit - 1);
        return slot == null ? unit : slot;
    }

    /** Where the planner wants the buckets of a slot to live; {@link Incarnation#NONE} for a plain service or no choice yet. */
    public Incarnation home(int slot) {
        @Nullable Incarnation home = homes.get(slot);
        return home == null ? Incarnation.NONE : home;
    }

    void forEachHome(Trie.Visitor<? super Incarnation> visitor) {
        homes.forEach(visitor);
    }

    /** Whether each unit is served as in the other, under the same epoch, or in neither. */
    public boolean isServedAs(Service other) {
        boolean same = plan.units() == other.plan.units();
        for (int i = 1; same && i <= plan.units(); i++) {
            same = unit(i).servingEpoch() == other.unit(i).servingEpoch();
        }
        return same;
    }

    Service withUnit(int number, SlotState state) {
        unit(number);
        return new Service(plan, units.with(number - 1, state), slotOfBucket, homes);
    }

    Service withBucketIn(int bucket, int slot) {
        unit(bucket);
        return new Service(plan, units, slotOfBucket.with(bucket - 1, slot), homes);
    }

    Service withHome(int slot, Incarnation home) {
        return new Service(plan, units, slotOfBucket, home.isNone() ? homes.without(slot) : homes.with(slot, home));
    }

    /** The same units under a new capacity; only a bucketed service can change it. */
    Service withCapacity(int capacity) {
        if (!plan.isBucketed() && capacity != plan.capacity()) {
            throw new IllegalArgumentException("service " + name() + " is not bucketed: its capacity " + plan.capacity()
                    + " is fixed, asked for " + capacity);
        }
        return new Service(plan.withCapacity(capacity), units, slotOfBucket, homes);
    }
}
