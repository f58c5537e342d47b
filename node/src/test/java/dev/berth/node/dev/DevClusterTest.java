package dev.berth.node.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.wire.Bytes;
import dev.berth.node.Berth;
import dev.berth.node.link.Secret;
import dev.berth.node.operate.Operator;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// Two development clusters side by side: each works, says how it is found, and has nothing to do with the other.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DevClusterTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    @Tag("S3.6")
    void developmentCluster_serves_andSaysHowItIsFound() throws Exception {
        try (DevCluster cluster = Berth.dev(ServicePlan.plain("role", 2))) {
            Node node = cluster.start(cluster.node("role-1").withSlots("role", 2), Map.of("role", call -> call.body()));

            assertThat(node.agent("role").callSlot(1, Bytes.utf8("hello"), LONG).utf8())
                    .isEqualTo("hello");
            assertThat(cluster.banner())
                    .anyMatch(line -> line.contains("DEVELOPMENT cluster " + cluster.name()))
                    .contains(
                            "services role=2",
                            "  export BERTH_SECRET_FILE=" + cluster.secretFile(),
                            "  export BERTH_MASTERS=127.0.0.1:"
                                    + cluster.masters().getFirst().address().getPort());
        }
    }

    @Test
    void nodeOfOneCluster_isNotListedByAnother() throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("role", 1));
                DevCluster other = DevCluster.start(ServicePlan.plain("role", 1));
                Operator operator = other.operator()) {
            // Its own name and secret, the other's masters.
            NodeConfig own = cluster.node("stray");
            NodeConfig stray = NodeConfig.of(
                            cluster.name(),
                            Secret.ofFile(cluster.secretFile()),
                            "stray",
                            List.of(other.masters().getFirst().address()))
                    .withSlots("role", 1)
                    .withTimings(own.timings());
            try (Node strayed = Node.start(stray, Map.of("role", call -> call.body()));
                    Node resident = Node.start(
                            other.node("role-1").withSlots("role", 1), Map.of("role", call -> call.body()))) {
                assertThat(resident.agent("role")
                                .callSlot(1, Bytes.utf8("hello"), LONG)
                                .utf8())
                        .isEqualTo("hello");
                assertThat(strayed.view()).isNull();
                assertThat(operator.status(LONG).members())
                        .extracting(member -> member.incarnation())
                        .containsExactly(resident.self());
            }
        }
    }

    @Test
    void sameServiceTwice_isRefused() {
        assertThatThrownBy(() -> DevCluster.start(ServicePlan.plain("role", 1), ServicePlan.plain("role", 2))
                        .close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("role");
    }
}
