package dev.berth.node.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.cluster.MasterConfig;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.Timings;
import dev.berth.core.wire.Bytes;
import dev.berth.node.coordinator.CoordinatorServer;
import dev.berth.node.coordinator.ServerConfig;
import dev.berth.node.link.Secret;
import dev.berth.node.worker.JoinRefusedException;
import dev.berth.node.worker.NodeConfig;
import dev.berth.node.worker.Worker;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// A master is started as the source asks for it, with where it listens and a capacity for each kind of work, on a real
// coordinator. It is asked for its slots by real workers; and it is started in every way that must be refused.
class MasterServerTest {
    private static final String CLUSTER = "harbor";
    private static final Secret SECRET =
            Secret.of("a secret of the tests, long enough".getBytes(StandardCharsets.US_ASCII));
    private static final Map<String, Integer> CAPACITY = new TreeMap<>(Map.of("auth", 1, "gate", 2, "role", 2));

    @TempDir
    Path dir;

    private final List<AutoCloseable> closing = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : closing.reversed()) {
            each.close();
        }
    }

    private static MasterConfig config(Map<String, Integer> capacity) {
        return new MasterConfig(
                "m1",
                List.of("m1"),
                Timings.DEFAULT.dividedBy(4),
                capacity.entrySet().stream()
                        .map(service -> ServicePlan.plain(service.getKey(), service.getValue()))
                        .toList(),
                SettingsCatalog.BUILT_IN);
    }

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private MasterServer start(InetSocketAddress listen) throws Exception {
        CoordinatorServer coordinator =
                CoordinatorServer.startWithin(ServerConfig.alone(dir, ServerConfig.LOOPBACK, 0));
        closing.add(coordinator);
        MasterServer master = MasterServer.start(config(CAPACITY), CLUSTER, SECRET, listen, coordinator.address());
        closing.add(master);
        return master;
    }

    private Worker up(MasterServer master, String name, String service) throws Exception {
        Worker worker = Worker.up(
                NodeConfig.of(CLUSTER, SECRET, name, List.of(master.address()))
                        .withTimings(Timings.DEFAULT.dividedBy(4))
                        .withSlots(service, 1),
                service);
        closing.add(worker);
        return worker;
    }

    @Test
    @Tag("S2.24")
    @Tag("S2.15")
    void start_withAPlaceAndCapacities_admitsThatManyOfEachKind_andNoMore() throws Exception {
        MasterServer master = start(local(0));
        assertThat(master.address().getPort()).isPositive();

        List<Worker> workers = new ArrayList<>();
        for (String name : List.of("auth-1", "gate-1", "gate-2", "role-1", "role-2")) {
            String service = name.substring(0, 4);
            Worker worker = up(master, name, service);
            assertThat(worker.slot().service()).isEqualTo(service);
            assertThat(worker.slot().capacity()).isEqualTo(CAPACITY.get(service));
            worker.run(call -> Bytes.utf8(name));
            workers.add(worker);
        }
        assertThat(workers)
                .extracting(worker -> worker.slot().service() + worker.slot().number())
                .containsExactlyInAnyOrder("auth1", "gate1", "gate2", "role1", "role2");
        Map<String, Integer> seen = new TreeMap<>();
        for (Service service : Objects.requireNonNull(workers.getFirst().node().view())
                .services()
                .values()) {
            seen.put(service.name(), service.plan().capacity());
        }
        assertThat(seen).isEqualTo(CAPACITY);

        for (String service : CAPACITY.keySet()) {
            assertThatThrownBy(() -> up(master, service + "-9", service)).isInstanceOf(JoinRefusedException.class);
        }
    }

    @Test
    @Tag("S2.24")
    void start_whereSomebodyElseListens_isAnErrorThatNamesThePlace() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> start(local(taken.getLocalPort())))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(String.valueOf(taken.getLocalPort()))
                    .hasMessageContaining("in use");
        }
    }

    @Test
    @Tag("S2.24")
    void start_withAPlanThatCannotBe_isAnErrorThatSaysWhy() {
        assertThatThrownBy(() -> config(Map.of("role", 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("service role: capacity lies between 1 and 65535, got 0");
        assertThatThrownBy(() -> config(Map.of("the role", 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the role");
        ServicePlan role = ServicePlan.plain("role", 2);
        assertThatThrownBy(() -> new MasterConfig(
                        "m1", List.of("m1"), Timings.DEFAULT, List.of(role, role), SettingsCatalog.BUILT_IN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("role");
        assertThatThrownBy(() -> new MasterConfig(
                        "m3", List.of("m1", "m2"), Timings.DEFAULT, List.of(), SettingsCatalog.BUILT_IN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("master m3 is not among the masters [m1, m2]");
    }
}
