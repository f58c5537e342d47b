package dev.berth.node.dev;

import dev.berth.core.PublicApi;
import dev.berth.core.cluster.MasterConfig;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.Timings;
import dev.berth.core.protocol.Protocol;
import dev.berth.node.coordinator.CoordinatorServer;
import dev.berth.node.coordinator.ServerConfig;
import dev.berth.node.coordinator.ServerRefusedException;
import dev.berth.node.launch.HostPort;
import dev.berth.node.launch.SecretFile;
import dev.berth.node.link.Secret;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.master.MasterServer;
import dev.berth.node.operate.Operator;
import dev.berth.node.worker.CoordinatorTouches;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import dev.berth.node.worker.SlotService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

// The real parts with real sockets, only together: coordinator, masters, store, nodes. Its name and secret are drawn
// anew each time, so that it can neither join another cluster nor be joined by a stranger.

/** A cluster of its own in this JVM: nothing of it outlives {@link #close}. Any thread may call it. */
@PublicApi
public final class DevCluster implements AutoCloseable {
    private static final long MILLI = 1_000_000L;
    private static final long HOUR = 3_600_000L * MILLI;
    private static final String LOOPBACK = "127.0.0.1";
    private static final String SECRET = "secret";

    /**
     * Nothing lapses while somebody thinks at a breakpoint: leases of an hour, beats and joins of milliseconds. What needs a
     * lapse needs other timings.
     */
    public static final Timings PATIENT =
            new Timings(200 * MILLI, HOUR, HOUR, 10, HOUR, HOUR, 0, 30_000 * MILLI, 5 * MILLI);

    private final String name;
    private final Secret secret;
    private final Timings timings;
    private final Path dir;
    private final CoordinatorServer coordinator;
    private final DevStore store;
    private final List<String> services;
    private final long startMillis;
    private final List<MasterServer> masters = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();

    private DevCluster(Timings timings, int masterCount, SettingsCatalog catalog, List<ServicePlan> plan)
            throws IOException {
        long start = System.nanoTime();
        this.services = plan.stream()
                .map(service -> service.name() + "=" + service.capacity())
                .toList();
        this.name = "dev-" + HexFormat.of().toHexDigits(new SecureRandom().nextInt());
        this.timings = timings;
        this.dir = Files.createTempDirectory("berth-dev");
        Path secretFile = dir.resolve(SECRET);
        SecretFile.make(secretFile);
        this.secret = Secret.ofFile(secretFile);
        try {
            this.coordinator = CoordinatorServer.startWithin(ServerConfig.alone(dir, LOOPBACK, 0));
        } catch (ServerRefusedException refused) {
            throw new IOException(refused.getMessage(), refused);
        }
        this.store = DevStore.open(dir.resolve("store"), name, secret);
        List<String> names = Stream.iterate(1, i -> i + 1)
                .limit(masterCount)
                .map(i -> "m" + i)
                .toList();
        for (String master : names) {
            masters.add(MasterServer.start(
                    new MasterConfig(master, names, timings, plan, catalog),
                    name,
                    secret,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    coordinator.address()));
        }
        this.startMillis = (System.nanoTime() - start) / MILLI;
    }

    /** Starts coordinator and master; returns when they listen. */
    public static DevCluster start(ServicePlan... plan) throws IOException {
        return start(PATIENT, 1, plan);
    }

    public static DevCluster start(Timings timings, int masters, ServicePlan... plan) throws IOException {
        return start(timings, masters, SettingsCatalog.BUILT_IN, plan);
    }

    /** With settings of the services' own, which its masters check then. */
    public static DevCluster start(Timings timings, int masters, SettingsCatalog catalog, ServicePlan... plan)
            throws IOException {
        return new DevCluster(timings, masters, catalog, List.of(plan));
    }

    /** What to tell whoever has started it: what it is, and how nodes and commands find it. */
    public List<String> banner() {
        String addresses = masters.stream()
                .map(master -> HostPort.of(master.address()).toString())
                .collect(Collectors.joining(","));
        return List.of(
                "DEVELOPMENT cluster " + name + ", up after " + startMillis
                        + " ms: leases do not run out, nothing is kept",
                "services " + (services.isEmpty() ? "none; say --service NAME=CAPACITY" : String.join(", ", services)),
                "for nodes and commands:",
                "  export BERTH_CLUSTER=" + name,
                "  export BERTH_MASTERS=" + addresses,
                "  export BERTH_SECRET_FILE=" + secretFile(),
                "  export BERTH_STORES=" + HostPort.of(store.address()),
                "then: ./berth status");
    }

    /** Its name; nobody else's. */
    public String name() {
        return name;
    }

    /** Where processes of the same machine and user find the secret. */
    public Path secretFile() {
        return dir.resolve(SECRET);
    }

    /** How a node of this cluster is configured: offers and the rest are added. */
    public NodeConfig node(String nodeName) {
        return NodeConfig.of(
                        name,
                        secret,
                        nodeName,
                        masters.stream().map(MasterServer::address).toList())
                .withTimings(timings)
                .withStore(store.address());
    }

    /** The same for a node that renews at the coordinator while no master answers (rule 25). */
    public NodeConfig touchingNode(String nodeName) {
        return node(nodeName).withTouches(CoordinatorTouches.open(coordinator.address(), name));
    }

    /** Starts a node that ends with the cluster, if not before. */
    public Node start(NodeConfig config, Map<String, SlotService> services) throws IOException {
        Node node = Node.start(config, services);
        synchronized (nodes) {
            nodes.add(node);
        }
        return node;
    }

    /** How a command reaches it from outside. */
    public Operator operator() {
        return new Operator(
                TransportConfig.of(name, secret, Protocol.VERSIONS),
                masters.stream().map(MasterServer::address).toList());
    }

    /** The masters, in order. */
    public List<MasterServer> masters() {
        return List.copyOf(masters);
    }

    /** Ends everything, newest first, and removes what it kept. */
    @Override
    public void close() {
        List<Node> all;
        synchronized (nodes) {
            all = List.copyOf(nodes).reversed();
        }
        all.forEach(Node::close);
        masters.reversed().forEach(MasterServer::close);
        store.close();
        coordinator.close();
        try (Stream<Path> files = Files.walk(dir)) {
            files.sorted(Comparator.reverseOrder()).forEach(DevCluster::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
