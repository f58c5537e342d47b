package dev.berth.node.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.MasterConfig;
import dev.berth.core.cluster.Recovery;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.Timings;
import dev.berth.core.protocol.Protocol;
import dev.berth.core.wire.Bytes;
import dev.berth.node.coordinator.CoordinatorConfig;
import dev.berth.node.coordinator.CoordinatorServer;
import dev.berth.node.coordinator.Refounding;
import dev.berth.node.coordinator.ServerConfig;
import dev.berth.node.launch.HostPort;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Secret;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.master.MasterServer;
import dev.berth.node.store.StoreConfig;
import dev.berth.node.store.StoreEngine;
import dev.berth.node.store.StoreServer;
import dev.berth.node.worker.CoordinatorTouches;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import dev.berth.node.worker.ServiceCall;
import dev.berth.node.worker.Slot;
import dev.berth.node.worker.SlotService;
import dev.berth.node.worker.SlotStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

// A real coordinator comes back on its port with an empty directory, beside a store that has kept everything. The
// command has to refuse while anybody is there, and a cluster that starts after it has to own its slots again.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RecoverTest {
    private static final String CLUSTER = "harbor";
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path dir;

    private final Loops loops = Loops.start(1);
    private final List<AutoCloseable> closing = new ArrayList<>();
    private Secret secret;
    private Path secretFile;
    private CoordinatorServer coordinator;
    private InetSocketAddress store;
    private String said = "";

    @BeforeEach
    void build() throws Exception {
        secretFile = Files.writeString(dir.resolve("secret"), "a secret of the tests, long enough");
        secret = Secret.ofFile(secretFile);
        coordinator = CoordinatorServer.startWithin(ServerConfig.alone(dir.resolve("first"), ServerConfig.LOOPBACK, 0));
        StoreEngine engine = StoreEngine.open(StoreConfig.of(dir.resolve("store"), CLUSTER), RecoverTest::broken);
        Transport transport =
                new Transport(TransportConfig.of(CLUSTER, secret, Protocol.VERSIONS), loops, RecoverTest::broken);
        store = transport.listen(ANY, List.of(StoreServer.door(engine)));
        closing.add(engine);
        closing.add(loops);
        closing.add(transport);
    }

    private static void broken(Throwable why) {
        throw new AssertionError(why);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : closing.reversed()) {
            each.close();
        }
        coordinator.close();
    }

    /** Counts in the store. */
    private static final class Counter implements SlotService {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public void load(Slot slot, SlotStore from) throws Exception {
            count.set(0);
            from.load(_ -> count.incrementAndGet());
        }

        @Override
        public Bytes handle(ServiceCall call) throws Exception {
            call.store().append(Bytes.utf8("count"), Bytes.utf8("+1"));
            return Bytes.utf8("" + count.incrementAndGet());
        }
    }

    private MasterServer master() {
        MasterServer master = MasterServer.start(
                new MasterConfig(
                        "m1",
                        List.of("m1"),
                        Timings.DEFAULT.dividedBy(4),
                        List.of(ServicePlan.plain("role", 1)),
                        SettingsCatalog.BUILT_IN),
                CLUSTER,
                secret,
                ANY,
                coordinator.address());
        closing.add(master);
        return master;
    }

    private Node node(MasterServer master) throws Exception {
        NodeConfig config = NodeConfig.of(CLUSTER, secret, "role-1", List.of(master.address()))
                .withTimings(Timings.DEFAULT.dividedBy(4))
                .withTouches(CoordinatorTouches.open(coordinator.address(), CLUSTER))
                .withStore(store)
                .withSlots("role", 1);
        Node node = Node.start(config, Map.of("role", new Counter()));
        closing.add(node);
        return node;
    }

    private static String call(Node node) {
        return node.agent("role").callSlot(1, Bytes.utf8("add"), LONG).utf8();
    }

    private static long epoch(Node node) {
        return Objects.requireNonNull(Objects.requireNonNull(node.view()).slot(new SlotId("role", 1)))
                .epoch();
    }

    private void wipe() throws Exception {
        int port = coordinator.port();
        coordinator.close();
        coordinator =
                CoordinatorServer.startWithin(ServerConfig.alone(dir.resolve("empty"), ServerConfig.LOOPBACK, port));
    }

    private int recover(String... more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        List<String> args = new ArrayList<>(List.of(
                "--cluster", CLUSTER, "--coordinator", coordinator.address(), "--secret-file", secretFile.toString()));
        args.addAll(List.of(more));
        int code = new RecoverCommand(Duration.ofMillis(200)).run(print, print, args.toArray(new String[0]));
        said = out.toString(StandardCharsets.UTF_8);
        return code;
    }

    private int recoverWithStore(String... more) {
        List<String> args =
                new ArrayList<>(List.of("--store", HostPort.of(store).toString(), "--service", "role=1"));
        args.addAll(List.of(more));
        return recover(args.toArray(new String[0]));
    }

    @Test
    void coordinatorWiped_recovered_sameSlotsRunAgain_andNothingIsLost() throws Exception {
        MasterServer master = master();
        Node node = node(master);
        assertThat(call(node)).isEqualTo("1");
        assertThat(call(node)).isEqualTo("2");
        long before = epoch(node);
        node.close();
        master.close();
        wipe();

        assertThat(recoverWithStore()).as(said).isZero();
        assertThat(said).contains("1 fences, the highest epoch is " + before, "role=1");
        assertThat(recoverWithStore()).as(said).isEqualTo(1);
        assertThat(said).contains("has a record of this cluster: view " + (before + Recovery.MARGIN));

        Node again = node(master());
        assertThat(call(again)).isEqualTo("3");
        assertThat(epoch(again)).isGreaterThan(before + Recovery.MARGIN);
    }

    @Test
    void whoHasASession_isNamed() throws Exception {
        MasterServer master = master();
        Node node = node(master);
        assertThat(call(node)).isEqualTo("1");

        try (Refounding looking =
                new Refounding(new CoordinatorConfig(coordinator.address(), CLUSTER), LONG.toMillis(), _ -> {})) {
            assertThat(looking.present())
                    .containsExactlyInAnyOrder(
                            "master m1",
                            "a node, process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void nodeWithoutSession_isSeenByItsStore() throws Exception {
        MasterServer master = master();
        Node node = Node.start(
                NodeConfig.of(CLUSTER, secret, "role-1", List.of(master.address()))
                        .withStore(store)
                        .withSlots("role", 1),
                Map.of("role", new Counter()));
        closing.add(node);
        assertThat(call(node)).isEqualTo("1");
        master.close();
        wipe();

        assertThat(recoverWithStore()).as(said).isEqualTo(1);
        assertThat(said).contains("1 other connections", "Stop them first", "Nothing was written");
    }

    @Test
    void withoutStore_aNumberIsAskedFor_andAListeningMasterRefused() throws Exception {
        assertThat(recover("--service", "role=1")).as(said).isEqualTo(1);
        assertThat(said).contains("--above N");
        assertThat(recover("--store", "127.0.0.1:1", "--within", "1")).as(said).isEqualTo(1);
        assertThat(said).contains("cannot be asked", "--above N");
        assertThat(recover("--above", "7", "--masters", HostPort.of(store).toString()))
                .as(said)
                .isEqualTo(1);
        assertThat(said).contains("a master's address");

        assertThat(recover("--above", "7", "--service", "bag=2/16")).as(said).isZero();
        assertThat(said).contains("view 1000007", "bag=2/16");
    }

    @Test
    void nonsense_isRefusedInWords() {
        assertThat(recover("--service", "role=many")).isEqualTo(2);
        assertThat(said).contains("role needs CAPACITY");
        assertThat(recover("--above", "-1", "--store", "nowhere")).isEqualTo(2);
        assertThat(said).contains("HOST:PORT");
    }
}
