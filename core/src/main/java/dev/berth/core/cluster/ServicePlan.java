package dev.berth.core.cluster;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Field;

// Plain: buckets = 0, the slots 1..capacity are owned, and capacity is fixed while an instance runs (S2.26).
// Bucketed: keys map to a fixed number of buckets, buckets to slots; capacity may change online because only buckets
// move.

/**
 * What an operator plans for a service. Any thread.
 *
 * @param capacity the number of slots, 1..{@value #SLOTS_MAX}
 * @param buckets 0 for a plain service, else the fixed number of buckets, at least {@code capacity}
 * @param rebalance whether slots move, by drain, from members that own more to members that own less
 */
@PublicApi
public record ServicePlan(
        @Field(value = 1, max = ServiceName.MAX) String name,
        @Field(2) int capacity,
        @Field(3) int buckets,
        @Field(4) boolean rebalance) {
    public static final int SLOTS_MAX = 65_535;

    public ServicePlan {
        ServiceName.check(name);
        if (capacity < 1 || capacity > SLOTS_MAX) {
            throw new IllegalArgumentException(
                    "service " + name + ": capacity lies between 1 and " + SLOTS_MAX + ", got " + capacity);
        }
        if (buckets != 0 && (buckets < capacity || buckets > SLOTS_MAX)) {
            throw new IllegalArgumentException(
                    "service " + name + ": buckets is 0 (plain) or lies between the capacity " + capacity + " and "
                            + SLOTS_MAX + ", got " + buckets);
        }
    }

    public static ServicePlan plain(String name, int capacity) {
        return new ServicePlan(name, capacity, 0, true);
    }

    public static ServicePlan bucketed(String name, int capacity, int buckets) {
        return new ServicePlan(name, capacity, buckets, true);
    }

    public boolean isBucketed() {
        return buckets > 0;
    }

    /** How many units of ownership there are: buckets of a bucketed service, else slots. */
    public int units() {
        return isBucketed() ? buckets : capacity;
    }

    public ServicePlan withCapacity(int newCapacity) {
        return new ServicePlan(name, newCapacity, buckets, rebalance);
    }
}
