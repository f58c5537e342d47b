package dev.berth.core.cluster;

import dev.berth.core.PublicApi;
import java.util.List;

/**
 * What a master is started with. Any thread.
 *
 * @param name its name among the masters
 * @param masters the names of all masters, in the order in which members know them
 * @param plan the services of a new cluster; a durable plan that differs is kept and reported
 */
@PublicApi
public record MasterConfig(
        String name, List<String> masters, Timings timings, List<ServicePlan> plan, SettingsCatalog catalog) {
    /** How many joins may wait for an answer. */
    public static final int JOINS_MAX = 10_000;
    /** How many proposals may wait for a view. */
    public static final int PROPOSALS_MAX = 10_000;
    /** A silent member whom nobody replaces is expelled after so many leases. */
    public static final int GRACE_LEASES = 6;

    public MasterConfig {
        ServiceName.check(name);
        masters = List.copyOf(masters);
        plan = List.copyOf(plan);
        String problem = ServiceCheck.problem(plan);
        if (problem != null) {
            throw new IllegalArgumentException("master " + name + ": " + problem);
        }
        if (!masters.contains(name)) {
            throw new IllegalArgumentException("master " + name + " is not among the masters " + masters);
        }
    }

    int indexOf(String master) {
        return masters.indexOf(master);
    }
}
