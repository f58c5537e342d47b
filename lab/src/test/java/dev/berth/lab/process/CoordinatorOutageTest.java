package dev.berth.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.MasterConfig;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.Timings;
import dev.berth.core.protocol.Protocol;
import dev.berth.node.coordinator.CoordinatorServer;
import dev.berth.node.coordinator.ServerConfig;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

// The coordinator is stopped and started again under a cluster that is used all the time; timings are a quarter of the
// default ones. Nobody loses a slot by it: whoever is suspended meanwhile goes on under the same epoch.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class CoordinatorOutageTest {
    private static final Timings QUICK = Timings.DEFAULT.dividedBy(4);
    private static final String CLUSTER = "harbor";
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Secret SECRET =
            Secret.of("a secret of the tests, long enough".getBytes(StandardCharsets.US_ASCII));

    @TempDir
    Path dir;

    private final List<AutoCloseable> closing = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : closing.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T closed(T what) {
        closing.add(what);
        return what;
    }

    private CoordinatorServer coordinator(int port) throws Exception {
        return CoordinatorServer.startWithin(ServerConfig.alone(dir.resolve("zk"), ServerConfig.LOOPBACK, port));
    }

    private MasterServer master(String coordinator) {
        return closed(MasterServer.start(
                new MasterConfig(
                        "m1", List.of("m1"), QUICK, List.of(ServicePlan.plain("kv", 2)), SettingsCatalog.BUILT_IN),
                CLUSTER,
                SECRET,
                ANY,
                coordinator));
    }

    private NodeConfig config(String name, MasterServer master, String coordinator) {
        return NodeConfig.of(CLUSTER, SECRET, name, List.of(master.address()))
                .withTimings(QUICK)
                .withTouches(CoordinatorTouches.open(coordinator, CLUSTER));
    }

    private InetSocketAddress store() throws Exception {
        StoreEngine engine = closed(StoreEngine.open(StoreConfig.of(dir.resolve("store"), CLUSTER), _ -> {}));
        Loops loops = closed(Loops.start(1));
        Transport transport =
                closed(new Transport(TransportConfig.of(CLUSTER, SECRET, Protocol.VERSIONS), loops, _ -> {}));
        return transport.listen(ANY, List.of(StoreServer.door(engine)));
    }

    private static List<Long> epochs(Node node) {
        return List.of(1, 2).stream()
                .map(slot -> Objects.requireNonNull(
                                Objects.requireNonNull(node.view()).slot(new SlotId("kv", slot)))
                        .epoch())
                .toList();
    }

    @Test
    @Tag("S2.6")
    void coordinatorAway_shortly_andForLong_sameOwnersGoOnUnderTheSameEpochs() throws Exception {
        CoordinatorServer server = coordinator(0);
        int port = server.port();
        String address = server.address();
        try {
            MasterServer master = master(address);
            Node worker = closed(Node.start(
                    config("worker", master, address).withStore(store()).withSlots("kv", 2),
                    Map.of("kv", new Numbers(_ -> {}))));
            Node gate = closed(Node.start(config("gate", master, address)));
            Passengers passengers = closed(new Passengers(gate, "kv", 2, 4));
            passengers.awaitEverybody(LONG);
            List<Long> before = epochs(gate);

            server.close();
            server = coordinator(port);
            passengers.awaitEverybody(LONG);
            assertThat(epochs(gate)).isEqualTo(before);

            server.close();
            while (worker.mayAct() || gate.mayAct()) {
                Thread.onSpinWait();
            }
            long done = passengers.done.get();
            server = coordinator(port);
            passengers.awaitEverybody(LONG);

            assertThat(passengers.done.get()).isGreaterThan(done);
            assertThat(epochs(gate)).isEqualTo(before);
            assertThat(worker.ended()).isNotDone();
            assertThat(passengers.end()).as(passengers.toString()).isEmpty();
            assertThat(passengers.unknown).hasValue(0);
            assertThat(passengers.refused).hasValue(0);
        } finally {
            server.close();
        }
    }
}
