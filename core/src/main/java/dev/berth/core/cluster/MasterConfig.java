package dev.berth.core.cluster;

import dev.berth.core.PublicApi;
import java.util.List;

/**
 * What a master is started with. Any thread.
 *
 * @param name its name among the masters
 * @param masters the names of all masters, in the order in which members know them
 * @param plan the services of a new cluster; a durable plan that differs is kept and reported
 * @param viewBytesMax the most bytes that a view may come to: joins and proposals that might make it larger are refused. Too
 *     large: the coordinator does not take the view, and masters end
 */
@PublicApi
public record MasterConfig(
        String name,
        List<String> masters,
        Timings timings,
        List<ServicePlan> plan,
        SettingsCatalog catalog,
        int viewBytesMax) {
    /** What ZooKeeper takes with its usual limit of 1,048,575 bytes for a request, and some air. */
    public static final int VIEW_BYTES_MAX = 1_000_000;

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
        long planned = ViewRoom.of(plan);
        if (planned > viewBytesMax) {
            throw new IllegalArgumentException(
                    "master " + name + ": the services might take " + planned + " bytes of a view, at most "
                            + viewBytesMax + " fit the coordinator; plan fewer slots or buckets");
        }
        if (!masters.contains(name)) {
            throw new IllegalArgumentException("master " + name + " is not among the masters " + masters);
        }
    }

    /** With the usual bound of a view. */
    public MasterConfig(
            String name, List<String> masters, Timings timings, List<ServicePlan> plan, SettingsCatalog catalog) {
        this(name, masters, timings, plan, catalog, VIEW_BYTES_MAX);
    }

    int indexOf(String master) {
        return masters.indexOf(master);
    }
}
