package dev.berth.node.launch;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import dev.berth.core.cluster.ServiceName;
import dev.berth.core.cluster.ServicePlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a cluster file. It stops at the first error, which then names its place. One thread, once. */
final class ClusterFileReader {
    static final int NODES_MAX = 256;
    private static final int CLUSTER_MAX = 63;
    private static final int MASTERS_MAX = 7;
    static final int MASTER_PORT = 7401;
    private static final long LOG_BYTES = 10L << 20;
    private static final int LOGS_KEPT = 4;

    private final Path file;
    private final Path directory;

    ClusterFileReader(Path file) {
        this.file = file;
        this.directory = file.toAbsolutePath().resolveSibling("").normalize();
    }

    ClusterFile read() throws ClusterFileException {
        var top = top();
        var fields = top.fields(
                "cluster",
                "state",
                "secret-file",
                "timings",
                "coordinator",
                "masters",
                "stores",
                "services",
                "nodes",
                "grace",
                "logs");
        var cluster = cluster(top, fields.get("cluster"));
        var state = path(fields.get("state"), ".berth/" + cluster);
        var logs = fields.get("logs");
        var logFields = logs == null ? Map.<String, Entry>of() : logs.fields("size", "keep");
        var masters = masters(fields.get("masters"));
        var services = services(fields.get("services"));
        var nodes = new NodesReader(directory, state, services, masters, !fields.containsKey("masters"))
                .read(fields.get("nodes"));
        var coordinator =
                coordinator(fields.get("coordinator"), state, nodes.masters().size());
        var all = nodes.all();
        checkNames(top, coordinator, all);
        checkOffers(top, services, all);
        var grace = fields.get("grace");
        var size = logFields.get("size");
        var keep = logFields.get("keep");
        return new ClusterFile(
                cluster,
                state,
                path(fields.get("secret-file"), cluster + ".secret"),
                profile(fields.get("timings")),
                coordinator,
                nodes.masters(),
                stores(fields.get("stores"), all),
                services,
                all,
                grace == null ? Duration.ofSeconds(10) : grace.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
                size == null ? LOG_BYTES : size.bytes(64L << 10, 10L << 30),
                keep == null ? LOGS_KEPT : keep.number(0, 100));
    }

    private Entry top() throws ClusterFileException {
        if (!Files.isRegularFile(file)) {
            throw new ClusterFileException(
                    file + " is no file; examples/harbor.conf shows what a cluster file looks like");
        }
        try {
            var options = ConfigParseOptions.defaults().setAllowMissing(false).setSyntax(ConfigSyntax.CONF);
            return new Entry(
                    "",
                    ConfigFactory.parseFile(file.toFile(), options).resolve().root());
        } catch (ConfigException.UnresolvedSubstitution unknown) {
            throw new ClusterFileException(unknown.getMessage() + "; set it in the file or in the environment");
        } catch (ConfigException wrong) {
            throw new ClusterFileException(String.valueOf(wrong.getMessage()));
        }
    }

    private static String cluster(Entry top, @Nullable Entry cluster) throws ClusterFileException {
        if (cluster == null) {
            throw top.complaint(
                    "the key cluster is missing; it is the name of the cluster, for example cluster = harbor");
        }
        var name = cluster.text();
        if (name.length() > CLUSTER_MAX || !ServiceName.isWellSpelled(name)) {
            throw cluster.unwanted("1 to " + CLUSTER_MAX + " of a-z 0-9 . _ -");
        }
        return name;
    }

    private Path path(@Nullable Entry entry, String standard) throws ClusterFileException {
        return directory.resolve(entry == null ? standard : entry.text()).normalize();
    }

    private static Profile profile(@Nullable Entry entry) throws ClusterFileException {
        if (entry == null) {
            return Profile.DEFAULT;
        }
        for (var profile : Profile.values()) {
            if (profile.word().equals(entry.text())) {
                return profile;
            }
        }
        throw entry.unwanted("default or fast");
    }

    private CoordinatorSpec coordinator(@Nullable Entry entry, Path state, int masters) throws ClusterFileException {
        var standard = new CoordinatorSpec.Embedded(
                new HostPort(HostPort.LOOPBACK, CoordinatorSpec.Embedded.PORT),
                state.resolve("coordinator"),
                masters >= 3 ? 3 : 1);
        if (entry == null) {
            return standard;
        }
        if (!entry.isObject()) {
            return new CoordinatorSpec.Existing(connection(entry));
        }
        var fields = entry.fields("host", "port", "dir", "servers");
        var host = fields.get("host");
        var port = fields.get("port");
        var servers = fields.get("servers");
        int count = servers == null ? standard.servers() : servers.number(1, 7);
        if (servers != null && count % 2 == 0) {
            throw servers.unwanted("1, 3, 5 or 7: with an even number no more servers may fail than with one less");
        }
        return new CoordinatorSpec.Embedded(
                new HostPort(
                        host == null ? HostPort.LOOPBACK : host.text(),
                        port == null
                                ? CoordinatorSpec.Embedded.PORT
                                : port.number(1, CoordinatorSpec.Embedded.PORT_MAX)),
                path(fields.get("dir"), standard.dir().toString()),
                count);
    }

    private static String connection(Entry entry) throws ClusterFileException {
        var text = entry.text();
        for (var server : text.split(",", -1)) {
            if (HostPort.parse(server, 1).isEmpty()) {
                throw entry.unwanted(
                        "HOST:PORT,HOST:PORT,... of ZooKeeper servers without a path, or { port, dir } for embedded"
                                + " ones");
            }
        }
        return text;
    }

    private static List<HostPort> masters(@Nullable Entry entry) throws ClusterFileException {
        var masters = new ArrayList<HostPort>();
        if (entry != null && entry.isList()) {
            for (var element : entry.elements()) {
                masters.add(element.hostPort(1));
            }
            if (masters.size() > MASTERS_MAX) {
                throw entry.unwanted("at most " + MASTERS_MAX + " masters");
            }
            if (new TreeSet<>(entry.texts()).size() < masters.size()) {
                throw entry.unwanted("every master once");
            }
            return masters;
        }
        if (entry != null && !entry.isNumber()) {
            throw entry.unwanted("a count, 0 to " + MASTERS_MAX + ", or a list of HOST:PORT");
        }
        int count = entry == null ? 0 : entry.number(0, MASTERS_MAX);
        for (int i = 0; i < count; i++) {
            masters.add(new HostPort(HostPort.LOOPBACK, MASTER_PORT + i));
        }
        return masters;
    }

    /** Those that are listed, or the file's own. One that is not listed would be used by nobody, or keep slots apart. */
    private static List<HostPort> stores(@Nullable Entry entry, List<NodeSpec> nodes) throws ClusterFileException {
        var own = nodes.stream().filter(node -> node.kind() == NodeKind.STORE).toList();
        if (entry == null) {
            return own.stream().map(NodeSpec::listen).toList();
        }
        var listed = new ArrayList<HostPort>();
        for (var element : entry.elements()) {
            listed.add(element.hostPort(1));
        }
        for (var node : own) {
            if (!listed.contains(node.listen())) {
                throw entry.unwanted("every store of the cluster, so " + node.listen() + " of nodes." + node.name()
                        + " too, as the others reach it");
            }
        }
        return listed;
    }

    private static List<ServicePlan> services(@Nullable Entry entry) throws ClusterFileException {
        var plans = new ArrayList<ServicePlan>();
        if (entry == null) {
            return plans;
        }
        for (var child : entry.children()) {
            var name = child.lastOfKey(entry);
            try {
                if (child.isObject()) {
                    plans.add(service(name, child));
                } else {
                    plans.add(ServicePlan.plain(name, child.number(1, ServicePlan.SLOTS_MAX)));
                }
            } catch (IllegalArgumentException wrong) {
                throw child.complaint(String.valueOf(wrong.getMessage()));
            }
        }
        return plans;
    }

    private static ServicePlan service(String name, Entry entry) throws ClusterFileException {
        var fields = entry.fields("capacity", "buckets", "rebalance");
        var capacity = fields.get("capacity");
        if (capacity == null) {
            throw entry.unwanted("a capacity: { capacity = 4, buckets = 64 }");
        }
        var buckets = fields.get("buckets");
        var rebalance = fields.get("rebalance");
        return new ServicePlan(
                name,
                capacity.number(1, ServicePlan.SLOTS_MAX),
                buckets == null ? 0 : buckets.number(0, ServicePlan.SLOTS_MAX),
                rebalance == null || rebalance.flag());
    }

    private static void checkNames(Entry top, CoordinatorSpec coordinator, List<NodeSpec> nodes)
            throws ClusterFileException {
        var names = new TreeSet<String>();
        if (coordinator instanceof CoordinatorSpec.Embedded embedded) {
            for (int i = 1; i <= embedded.servers(); i++) {
                names.add(LaunchPlan.coordinatorName(embedded, i));
            }
        }
        for (var node : nodes) {
            if (!names.add(node.name())) {
                throw top.complaint("two nodes would be named " + node.name()
                        + "; numbered copies are called NAME-1, NAME-2 and so on, like masters and coordinators");
            }
        }
        if (nodes.size() > NODES_MAX) {
            throw top.complaint("got " + nodes.size() + " nodes, wanted at most " + NODES_MAX);
        }
    }

    /** A node that finds every slot taken is refused and exits (S2.17); its launcher would start it again without end. */
    private static void checkOffers(Entry top, List<ServicePlan> services, List<NodeSpec> nodes)
            throws ClusterFileException {
        for (var plan : services) {
            int before = 0;
            for (var node : nodes) {
                for (var offer : node.offers()) {
                    if (!offer.service().equals(plan.name()) || offer.standby()) {
                        continue;
                    }
                    if (before >= plan.capacity()) {
                        throw top.complaint("services." + plan.name() + " has a capacity of " + plan.capacity()
                                + ", which the nodes before " + node.name() + " fill; let those that may have to wait"
                                + " for a vacancy offer { slots = " + offer.slots() + ", standby = true }");
                    }
                    before += offer.slots();
                }
            }
        }
    }
}
