package dev.berth.node.worker;

import dev.berth.core.PublicApi;

/**
 * A share of a service that this process owns, under one epoch. Any thread.
 *
 * @param number 1..{@code capacity}; of a bucketed service the bucket
 * @param capacity how many slots the service has; fixed while an instance runs, for services that are not bucketed
 * @param epoch the fencing token: grows with every grant, and every durable write carries it
 */
@PublicApi
public record Slot(String service, int number, int capacity, long epoch) {
    @Override
    public String toString() {
        return service + "/" + number + "@" + epoch;
    }
}
