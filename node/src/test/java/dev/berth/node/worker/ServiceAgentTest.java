package dev.berth.node.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.wire.Bytes;
import dev.berth.node.dev.DevCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// Agents as authors of services write them, in nodes of a real cluster in this JVM. What they are told is collected and
// compared with who was started, drained or closed; calls through them show where they lead.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ServiceAgentTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** What one agent was told, in order. */
    private static final class Ear implements ServiceAgent {
        private final LinkedBlockingQueue<Connections> joined = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<Integer> capacities = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<String> resized = new LinkedBlockingQueue<>();
        private volatile Connections newest = Connections.NONE;

        @Override
        public void join(Connections connections, int capacity) {
            newest = connections;
            capacities.add(capacity);
            joined.add(connections);
        }

        @Override
        public void resized(int before, int now) {
            resized.add(before + " -> " + now);
        }

        Connections await(Predicate<Connections> what) throws InterruptedException {
            Connections connections = joined.take();
            while (!what.test(connections)) {
                connections = joined.take();
            }
            return connections;
        }
    }

    /** The agent of the documentation. */
    private static final class Roles implements ServiceAgent {
        private volatile Connections roles = Connections.NONE;

        @Override
        public void join(Connections connections, int capacity) {
            roles = connections;
        }

        long gold(long uid) {
            return Long.parseLong(
                    roles.of(uid).call(Bytes.utf8("gold " + uid), LONG).utf8());
        }
    }

    private static SlotService named(String name) {
        return _ -> Bytes.utf8(name);
    }

    private static List<Integer> slots(Connections connections) {
        return connections.present().stream().map(Connection::slot).toList();
    }

    @Test
    @Tag("S2.26")
    @Tag("S2.11")
    void instancesComeAndGo_everyAgentIsTold_withGaps_andTheCapacityStays() throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("role", 3))) {
            Ear here = new Ear();
            Ear there = new Ear();
            cluster.start(cluster.node("gate-1"), Map.of()).join("role", here);
            cluster.start(cluster.node("gate-2"), Map.of()).join("role", there);
            Node first = Node.start(cluster.node("role-1").withSlots("role", 1), Map.of("role", named("one")));
            Connections one = here.await(connections -> connections.present().size() == 1);
            assertThat(one.at(slots(one).getFirst()))
                    .isNotNull()
                    .satisfies(connection -> assertThat(connection.owner()).isEqualTo(first.self()));

            cluster.start(cluster.node("role-2").withSlots("role", 1), Map.of("role", named("two")));
            Connections two = here.await(connections -> connections.present().size() == 2);
            assertThat(there.await(connections -> connections.present().size() == 2))
                    .hasToString(two.toString());

            first.close();
            Connections left = here.await(connections -> connections.present().size() == 1);
            assertThat(left.at(slots(one).getFirst())).isNull();
            assertThat(left.next()).isSameAs(left.next()).isNotNull();
            assertThat(Objects.requireNonNull(left.next())
                            .call(Bytes.EMPTY, LONG)
                            .utf8())
                    .isEqualTo("two");
            assertThat(here.capacities).containsOnly(3);
        }
    }

    @Test
    @Tag("S2.27")
    void whoRunsWhenUpReturns_hasJoined_andWhoRunsLater_joinsLater() throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("gate", 2), ServicePlan.plain("role", 1))) {
            Worker gate = Worker.up(cluster.node("gate-1").withSlots("gate", 1), "gate");
            gate.run(_ -> Bytes.utf8("gate-1"));

            Ear gates = new Ear();
            Ear roles = new Ear();
            Worker role = Worker.up(
                    cluster.node("role-1").withSlots("role", 1), "role", Map.of("gate", gates, "role", roles));
            assertThat(slots(gates.newest)).containsExactly(gate.slot().number());
            assertThat(slots(roles.newest)).as("it is up and does not run").isEmpty();
            role.run(_ -> Bytes.utf8("role-1"));
            assertThat(slots(roles.newest)).containsExactly(1);

            Worker late = Worker.up(cluster.node("gate-2").withSlots("gate", 1), "gate");
            assertThat(slots(gates.newest)).containsExactly(gate.slot().number());
            late.run(_ -> Bytes.utf8("gate-2"));
            gates.await(connections -> connections.present().size() == 2);
            late.close();
            role.close();
            gate.close();
        }
    }

    @Test
    @Tag("S2.8")
    @Tag("S2.1")
    void callersUseTheAuthorsAgent_fromServiceToService_andNeverNameAnInstance() throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("role", 2), ServicePlan.plain("shop", 1))) {
            cluster.start(
                    cluster.node("role-1").withSlots("role", 2),
                    Map.of("role", call -> Bytes.utf8(call.body().utf8().substring("gold ".length()))));
            // A shop asks roles about players, an alliance could ask the shop: nobody carries a player's object around.
            Roles roles = new Roles();
            Node shop = cluster.start(
                    cluster.node("shop-1").withSlots("shop", 1),
                    Map.of(
                            "shop",
                            call -> Bytes.utf8(""
                                    + 2 * roles.gold(Long.parseLong(call.body().utf8())))));
            shop.join("role", roles);
            Node gate = cluster.start(cluster.node("gate-1"), Map.of());
            Ear joined = new Ear();
            shop.join("role", joined);
            joined.await(connections -> connections.present().size() == 2);

            assertThat(gate.agent("shop").callSlot(1, Bytes.utf8("1007"), LONG).utf8())
                    .isEqualTo("2014");
        }
    }

    @Test
    void bucketedServiceResized_agentsHearIt_andNoKeyMoves() throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.bucketed("role", 2, 16))) {
            Node role = cluster.start(cluster.node("role-1").withSlots("role", 4), Map.of("role", named("one")));
            Ear ear = new Ear();
            role.join("role", ear);
            Connections before = ear.await(connections -> connections.present().size() == 16);
            int[] slots = new int[100];
            for (int key = 0; key < slots.length; key++) {
                slots[key] = before.of(key).slot();
            }

            assertThat(role.ask(new Proposal.Resize("role", 4)).get().accepted())
                    .isTrue();
            assertThat(ear.resized.take()).isEqualTo("2 -> 4");
            for (int key = 0; key < slots.length; key++) {
                assertThat(ear.newest.of(key).slot()).isEqualTo(slots[key]);
            }
            assertThat(ear.capacities).containsOnly(16);
        }
    }

    @Test
    void agentThatThrows_isLogged_andTheNextIsTold() throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("role", 1))) {
            Node role = cluster.start(cluster.node("role-1").withSlots("role", 1), Map.of("role", named("one")));
            Ear ear = new Ear();
            role.join("role", (_, _) -> {
                throw new IllegalStateException("an author's mistake");
            });
            role.join("role", ear);

            assertThat(ear.await(connections -> connections.present().size() == 1)
                            .of(7)
                            .call(Bytes.EMPTY, LONG)
                            .utf8())
                    .isEqualTo("one");
        }
    }

    @Test
    void beforeAnybodyJoined_ofSaysSo() {
        assertThatThrownBy(() -> Connections.NONE.of(7)).hasMessageContaining("has not joined yet");
        assertThat(Connections.NONE.next()).isNull();
    }
}
