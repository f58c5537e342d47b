package dev.berth.node.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SettingKey;
import dev.berth.core.cluster.SettingType;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.Timings;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.member.MemberNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// A service has settings of its own. One node changes them, the others hear of it, each change once and in order; a
// node that comes later has them without a file of its own.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class NodeSettingsTest {
    private static final Timings QUICK = Timings.DEFAULT.dividedBy(4);

    private static final SettingsCatalog CATALOG = SettingsCatalog.BUILT_IN.with(
            new SettingKey(
                    "gate.players-max",
                    new SettingType.Whole(1, 10_000, "players"),
                    "500",
                    "How many players a gate lets in: too few turns people away, too many makes all of them wait."),
            new SettingKey(
                    "gate.idle",
                    new SettingType.Span(1_000_000_000L, 3_600_000_000_000L),
                    "5min",
                    "A connection that is silent for so long is closed: too short cuts people off who think."));

    private static MemberNode.Decision set(Node node, String key, String value) throws Exception {
        return node.ask(new Proposal.SetSetting(key, value)).get();
    }

    /** As documentation shows it: a gate that follows one setting. */
    private static final class Gate {
        volatile long playersMax;
        final LinkedBlockingQueue<NodeSettings.Value> heard = new LinkedBlockingQueue<>();

        Gate(Node node) {
            NodeSettings settings = node.settings(CATALOG);
            settings.onChange("gate.players-max", value -> {
                playersMax = Long.parseLong(value.value());
                heard.add(value);
            });
        }
    }

    @Test
    @Tag("S1.2")
    @Tag("S3.8")
    @Tag("S3.6")
    void setting_reachesEveryNode_inOrder_andANodeThatComesLater() throws Exception {
        try (DevCluster cluster = DevCluster.start(QUICK, 1, CATALOG, ServicePlan.plain("role", 1))) {
            Node one = cluster.start(cluster.node("gate-1"), Map.of());
            Node two = cluster.start(cluster.node("gate-2"), Map.of());
            Gate gate = new Gate(two);
            assertThat(gate.heard.take().value()).isEqualTo("500");
            one.listed().get();

            for (int players = 1; players <= 50; players++) {
                assertThat(set(one, "gate.players-max", "" + players).accepted())
                        .isTrue();
            }
            List<String> heard = new ArrayList<>();
            String former = "500";
            while (heard.size() < 50) {
                NodeSettings.Value value = gate.heard.take();
                assertThat(value.former()).isEqualTo(former);
                former = value.value();
                heard.add(former);
            }
            assertThat(heard.getFirst()).isEqualTo("1");
            assertThat(heard).doesNotHaveDuplicates().hasSize(50);
            assertThat(gate.playersMax).isEqualTo(50);
            assertThat(two.settings(CATALOG).whole("gate.players-max")).isEqualTo(50);

            MemberNode.Decision refused = set(one, "gate.players-max", "many");
            assertThat(refused.accepted()).isFalse();
            assertThat(refused.reason()).contains("a whole number of players from 1 to 10000");

            Node late = cluster.start(cluster.node("gate-3"), Map.of());
            late.listed().get();
            assertThat(late.settings(CATALOG).whole("gate.players-max")).isEqualTo(50);
            assertThat(late.settings(CATALOG).span("gate.idle")).isEqualTo(Duration.ofMinutes(5));
            assertThat(late.settings().whole("drain.slots-max")).isEqualTo(8);
            assertThatThrownBy(() -> late.settings().onChange("gate.players-max", _ -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("there is no setting");
        }
    }

    @Test
    void changesOfTheView_comeInOrder_withReasons_andWithNothingLeftOut() throws Exception {
        try (DevCluster cluster = DevCluster.start(QUICK, 1, CATALOG, ServicePlan.plain("role", 1))) {
            Node watcher = cluster.start(cluster.node("watcher"), Map.of());
            LinkedBlockingQueue<ViewChange> changes = new LinkedBlockingQueue<>();
            watcher.onChange(changes::add);
            watcher.listed().get();
            Node other = cluster.start(cluster.node("other"), Map.of());
            other.listed().get();
            String life = other.self().toString();
            set(watcher, "gate.players-max", "9");
            other.close();

            List<ViewChange> all = new ArrayList<>();
            do {
                all.add(changes.take());
            } while (all.getLast().went().isEmpty());
            assertThat(all.getFirst().before().number()).isZero();
            for (int i = 1; i < all.size(); i++) {
                assertThat(all.get(i).before()).isSameAs(all.get(i - 1).view());
                assertThat(all.get(i).views()).isEqualTo(1);
            }
            assertThat(all).anySatisfy(change -> assertThat(change.reason()).isEqualTo("admit other"));
            assertThat(all.getLast().reason()).isEqualTo("expel other (left: closed)");
            assertThat(all.getLast().went().getFirst().incarnation()).hasToString(life);
            assertThat(all.stream().flatMap(change -> change.settings().stream()))
                    .containsExactly(new ViewChange.SettingChange("gate.players-max", null, "9"));
        }
    }
}
