package dev.berth.core.cluster;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Field;

/**
 * What a member is willing to do for a service. Any thread.
 *
 * @param slots the most slots it will own; 1 gives "one process, one slot"
 * @param standby whether it waits for a vacancy instead of being refused when there is none
 */
@PublicApi
public record Offer(
        @Field(value = 1, max = ServiceName.MAX) String service,
        @Field(2) int slots,
        @Field(3) boolean standby) {
    public Offer {
        ServiceName.check(service);
        if (slots < 1 || slots > ServicePlan.SLOTS_MAX) {
            throw new IllegalArgumentException(
                    "service " + service + ": a member offers 1 to " + ServicePlan.SLOTS_MAX + " slots, got " + slots);
        }
    }
}
