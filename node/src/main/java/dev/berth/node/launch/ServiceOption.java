package dev.berth.node.launch;

import dev.berth.core.cluster.ServicePlan;

/**
 * A service as it is written on a command line: {@code role=4}, or {@code bag=4/256} with buckets; with {@code :fixed} after it
 * its slots do not move to members that own fewer. Any thread.
 */
public final class ServiceOption {
    private static final String FIXED = ":fixed";

    private ServiceOption() {}

    /** @throws IllegalArgumentException with words for the person who typed it */
    public static ServicePlan parse(String service, String size) {
        boolean fixed = size.endsWith(FIXED);
        String[] parts = (fixed ? size.substring(0, size.length() - FIXED.length()) : size).split("/", 2);
        int capacity;
        int buckets;
        try {
            capacity = Integer.parseInt(parts[0]);
            buckets = parts.length == 1 ? 0 : Integer.parseInt(parts[1]);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(
                    "--service " + service + " needs CAPACITY, CAPACITY/BUCKETS, and perhaps :fixed after it, got "
                            + size,
                    notANumber);
        }
        return new ServicePlan(service, capacity, buckets, !fixed);
    }
}
