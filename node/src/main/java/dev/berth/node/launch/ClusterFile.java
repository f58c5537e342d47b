package dev.berth.node.launch;

import dev.berth.core.cluster.ServicePlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A cluster as its file describes it, with the defaults filled in; {@code docs/operations.md} lists the keys. Any thread.
 *
 * @param cluster its name; nodes of different clusters refuse each other
 * @param state where the launcher keeps logs and the records of what it has started
 * @param secretFile what all nodes of the cluster know; made when it does not exist
 * @param masters where all masters listen, those of other machines too
 * @param stores where the cluster's stores listen, those of other machines too; workers use the first
 * @param services what the cluster is planned to do
 * @param nodes all but the coordinator, in the order of the file; masters first
 * @param grace how long a node that is asked to end may take before it is killed
 * @param logBytes size at which a log file is put aside
 * @param logsKept how many of those are kept
 */
public record ClusterFile(
        String cluster,
        Path state,
        Path secretFile,
        Profile timings,
        CoordinatorSpec coordinator,
        List<HostPort> masters,
        List<HostPort> stores,
        List<ServicePlan> services,
        List<NodeSpec> nodes,
        Duration grace,
        long logBytes,
        int logsKept) {
    public ClusterFile {
        masters = List.copyOf(masters);
        stores = List.copyOf(stores);
        services = List.copyOf(services);
        nodes = List.copyOf(nodes);
    }

    /** The same for a launcher that keeps its logs and records elsewhere. */
    ClusterFile withState(Path other) {
        return new ClusterFile(
                cluster,
                other,
                secretFile,
                timings,
                coordinator,
                masters,
                stores,
                services,
                nodes,
                grace,
                logBytes,
                logsKept);
    }

    /** Reads and checks; relative paths are meant from the file's own directory. */
    public static ClusterFile read(Path file) throws ClusterFileException {
        return new ClusterFileReader(file).read();
    }
}
