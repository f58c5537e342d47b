package dev.berth.core.cluster;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Field;

// For a plain service the number is the slot, 1..capacity. For a bucketed service the unit that is owned, handed
// over and fenced is the bucket, 1..buckets: the same machinery runs on a finer grain, and Service says which slot
// a bucket is in.

/** The unit of ownership, hand-over and fencing: a share of a service's state. Any thread. */
@PublicApi
public record SlotId(
        @Field(value = 1, max = ServiceName.MAX) String service,
        @Field(2) int number) implements Comparable<SlotId> {
    public SlotId {
        ServiceName.check(service);
        if (number < 1 || number > ServicePlan.SLOTS_MAX) {
            throw new IllegalArgumentException(
                    "a slot number lies between 1 and " + ServicePlan.SLOTS_MAX + ", got " + service + "/" + number);
        }
    }

    @Override
    public int compareTo(SlotId other) {
        int byService = service.compareTo(other.service);
        return byService != 0 ? byService : Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return service + "/" + number;
    }
}
