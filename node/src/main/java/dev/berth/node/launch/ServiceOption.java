package dev.berth.node.launch;

import dev.berth.core.cluster.ServicePlan;

/** A service as it is written on a command line: {@code role=4}, or {@code bag=4/256} with buckets. Any thread. */
public final class ServiceOption {
    private ServiceOption() {}

    /** @throws IllegalArgumentException with words for the person who typed it */
    public static ServicePlan parse(String service, String size) {
        String[] parts = size.split("/", -1);
        int capacity;
        int buckets;
        try {
            capacity = Integer.parseInt(parts[0]);
            buckets = parts.length == 1 ? 0 : Integer.parseInt(parts[1]);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(
                    "--service " + service + " needs CAPACITY or CAPACITY/BUCKETS, got " + size, notANumber);
        }
        return parts.length == 1
                ? ServicePlan.plain(service, capacity)
                : ServicePlan.bucketed(service, capacity, buckets);
    }
}
