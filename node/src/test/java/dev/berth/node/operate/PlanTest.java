package dev.berth.node.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.Standby;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.launch.HostPort;
import dev.berth.node.tool.Tool;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.ServiceCall;
import dev.berth.node.worker.Slot;
import dev.berth.node.worker.SlotService;
import dev.berth.node.worker.SlotStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// A real cluster in this JVM: what `plan drain` says about each slot is compared with where `drain` then puts it.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PlanTest {
    private static final int SLOTS = 12;
    private static final Duration LONG = Duration.ofSeconds(30);

    /** It owns, that is all. */
    private static final class Idle implements SlotService {
        @Override
        public void load(Slot slot, SlotStore store) {}

        @Override
        public Bytes handle(ServiceCall call) {
            return call.body();
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private int run(DevCluster cluster, Tool tool, String... words) throws IOException {
        out.reset();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        List<String> args = new ArrayList<>(List.of(
                "--cluster",
                cluster.name(),
                "--secret-file",
                cluster.secretFile().toString(),
                "--masters",
                HostPort.of(cluster.masters().getFirst().address()).toString()));
        args.addAll(List.of(words));
        return tool.run(print, print, args.toArray(new String[0]));
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Node start(DevCluster cluster, String name, int slots) throws IOException {
        return cluster.start(cluster.node(name).withStandby("role", slots), Map.of("role", new Idle()));
    }

    private static View await(Node node, Predicate<View> what) throws InterruptedException {
        LinkedBlockingQueue<View> views = new LinkedBlockingQueue<>();
        node.onChange(change -> views.add(change.view()));
        View view = node.view();
        while (view == null || !what.test(view)) {
            view = views.take();
        }
        return view;
    }

    private static TreeMap<String, String> owners(View view) {
        TreeMap<String, String> owners = new TreeMap<>();
        for (int i = 1; i <= SLOTS; i++) {
            if (view.slot(new SlotId("role", i)) instanceof SlotState.Running running) {
                Listing owner = view.member(running.owner().node());
                owners.put("role/" + i, owner == null ? "-" : owner.name());
            }
        }
        return owners;
    }

    @Test
    void whatPlanSays_isWhatDrainDoes() throws Exception {
        try (DevCluster cluster = DevCluster.start(new ServicePlan("role", SLOTS, 0, true))) {
            Node gate = cluster.start(cluster.node("gate"), Map.of());
            start(cluster, "role-1", SLOTS);
            await(gate, view -> owners(view).size() == SLOTS);
            start(cluster, "role-2", SLOTS);
            start(cluster, "role-3", SLOTS);
            View level = await(
                    gate,
                    view -> owners(view).size() == SLOTS
                            && owners(view).values().stream()
                                            .filter("role-3"::equals)
                                            .count()
                                    == SLOTS / 3);
            TreeMap<String, String> before = owners(level);

            assertThat(run(cluster, new PlanCommand(), "--json", "drain", "role-1"))
                    .as(said())
                    .isZero();
            Config plan = ConfigFactory.parseString(said());
            TreeMap<String, String> expected = new TreeMap<>(before);
            for (Config move : plan.getConfigList("moves")) {
                assertThat(expected.put(move.getString("slot"), move.getString("to")))
                        .isEqualTo(move.getString("from"));
            }
            assertThat(plan.getStringList("stays")).isEmpty();
            assertThat(expected).doesNotContainValue("role-1");

            assertThat(run(cluster, new DrainCommand(), "--json", "role-1"))
                    .as(said())
                    .isZero();
            View after = await(
                    gate, view -> owners(view).size() == SLOTS && !owners(view).containsValue("role-1"));
            assertThat(owners(after)).isEqualTo(expected);
            assertThat(run(cluster, new PlanCommand(), "drain", "role-1")).isZero();
            assertThat(said()).contains("0 moves");
        }
    }

    @Test
    void whoStandsBy_isForeseen() throws Exception {
        try (DevCluster cluster = DevCluster.start(new ServicePlan("role", 2, 0, false));
                Operator operator = cluster.operator()) {
            Node gate = cluster.start(cluster.node("gate"), Map.of());
            start(cluster, "role-1", 2);
            await(gate, view -> owners(view).size() == 2);
            start(cluster, "spare", 2);
            List<Standby> standing = List.of();
            while (standing.isEmpty()) {
                standing = operator.status(LONG).standing();
            }

            assertThat(run(cluster, new StatusCommand())).isZero();
            assertThat(said()).containsPattern("spare +stands by");
            assertThat(run(cluster, new PlanCommand(), "drain", "role-1"))
                    .as(said())
                    .isZero();
            assertThat(said()).contains("2 moves", "spare, which stands by, would be listed");
            assertThat(run(cluster, new PlanCommand(), "--json", "drain", "role-1"))
                    .isZero();
            Config plan = ConfigFactory.parseString(said());
            assertThat(plan.getStringList("joins")).containsExactly("spare");
            assertThat(plan.getConfigList("moves").stream().map(move -> move.getString("to")))
                    .containsExactly("spare", "spare");

            assertThat(run(cluster, new DrainCommand(), "role-1")).isZero();
            await(gate, view -> owners(view).equals(Map.of("role/1", "spare", "role/2", "spare")));
        }
    }

    @Test
    void whatCannotMove_isSaid_andWhatIsRefusedToo() throws Exception {
        try (DevCluster cluster =
                DevCluster.start(new ServicePlan("role", 3, 0, true), ServicePlan.bucketed("bag", 2, 8))) {
            Node gate = cluster.start(cluster.node("gate"), Map.of());
            start(cluster, "role-1", 3);
            await(gate, view -> owners(view).size() == 3);
            start(cluster, "role-2", 1);
            await(gate, view -> owners(view).size() == 3 && owners(view).containsValue("role-2"));

            assertThat(run(cluster, new PlanCommand(), "drain", "role-1")).isEqualTo(1);
            assertThat(said()).contains("0 moves", "role/1 stays", "role/2 stays", "no other node has room");
            assertThat(run(cluster, new PlanCommand(), "resize", "role", "7")).isEqualTo(1);
            assertThat(said()).contains("would be refused");
            assertThat(run(cluster, new PlanCommand(), "resize", "bag", "3"))
                    .as(said())
                    .isZero();
            assertThat(run(cluster, new PlanCommand(), "drain", "nobody")).isEqualTo(2);
            assertThat(said()).contains("lists no node nobody");
            assertThat(run(cluster, new PlanCommand(), "sink", "role-1")).isEqualTo(2);
            assertThat(said()).contains("can be planned");
        }
    }
}
