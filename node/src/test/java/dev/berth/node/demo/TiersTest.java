package dev.berth.node.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.Timings;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.link.Secret;
import dev.berth.node.master.MasterServer;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import dev.berth.node.worker.SlotService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// Who does what: nodes of two duties, several of each, with a store behind them and a caller in front who owns nothing
// and keeps nothing.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class TiersTest {
    private static final Timings QUICK = Timings.DEFAULT.dividedBy(4);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Map<String, Node> owners = new TreeMap<>();
    private DevCluster cluster;
    private Node caller;

    @BeforeEach
    void start() throws Exception {
        cluster = DevCluster.start(QUICK, 1, ServicePlan.plain("player", 2), ServicePlan.plain("pvp", 2));
        caller = cluster.start(cluster.node("caller"), Map.of());
    }

    @AfterEach
    void end() {
        cluster.close();
    }

    @Test
    @Tag("S1.4")
    @Tag("S1.5")
    @Tag("S2.15")
    void severalNodesOfEachDuty_ownSlotsOfTheirOwnServiceOnly_evenWhenOthersAreFree() throws Exception {
        for (var duty : List.of("player", "pvp")) {
            owner(duty + "-1", duty);
            owner(duty + "-2", duty);
        }
        await(view -> runs(view, "player") && runs(view, "pvp"));
        View all = view();
        assertThat(owners(all, "player")).containsExactlyInAnyOrder("player-1", "player-2");
        assertThat(owners(all, "pvp")).containsExactlyInAnyOrder("pvp-1", "pvp-2");

        // Those of the other duty have room for two more, but not of this service.
        lose("player-1");
        await(view -> owners(view, "player").contains("player-2")
                && owners(view, "player").size() == 1);
        assertThat(owners(view(), "pvp")).hasSize(2).allMatch(name -> name.startsWith("pvp"));
    }

    @Test
    @Tag("S1.7")
    @Tag("S3.6")
    void aNewNode_knowsOnlyTheMasters_andReachesEveryService() throws Exception {
        owner("player-1", "player");
        owner("pvp-1", "pvp");
        var addresses = cluster.masters().stream().map(MasterServer::address).toList();
        try (var late = Node.start(NodeConfig.of(cluster.name(), Secret.ofFile(cluster.secretFile()), "late", addresses)
                .withTimings(QUICK))) {
            for (var duty : List.of("player", "pvp")) {
                for (int slot = 1; slot <= 2; slot++) {
                    assertThat(late.agent(duty)
                                    .callSlot(slot, Bytes.utf8("ADD x"), LONG)
                                    .utf8())
                            .startsWith("1 ");
                }
            }
        }
    }

    // A caller stands for the gateway; processes of all three tiers, as poker has them, are in lab: PokerTiersTest.
    @Test
    @Tag("S3.4")
    void ownersAnswerFromMemory_theStoreKeeps_theCallerHasNothing() throws Exception {
        owner("player-1", "player");
        var agent = caller.agent("player");
        for (int i = 1; i <= 5; i++) {
            assertThat(agent.callSlot(1, Bytes.utf8("ADD gold"), LONG).utf8()).startsWith(i + " ");
        }
        lose("player-1");
        owner("player-2", "player");
        assertThat(agent.callSlot(1, Bytes.utf8("GET gold"), LONG).utf8()).startsWith("5 ");
        assertThat(owners(view(), "player")).containsOnly("player-2");
        assertThat(owners(view(), "pvp")).isEmpty();
    }

    private void owner(String name, String duty) throws Exception {
        SlotService service = new KeyValue(_ -> {});
        owners.put(name, cluster.start(cluster.node(name).withSlots(duty, 2), Map.of(duty, service)));
        await(view -> lists(view, name));
    }

    private void lose(String name) throws Exception {
        var node = owners.remove(name);
        if (node == null) {
            throw new AssertionError("no " + name);
        }
        node.close();
        await(view -> !lists(view, name));
    }

    private void await(Predicate<View> what) throws InterruptedException {
        var views = new LinkedBlockingQueue<View>();
        caller.onChange(change -> views.add(change.view()));
        View view = caller.view();
        while (view == null || !what.test(view)) {
            view = views.take();
        }
    }

    private View view() {
        View view = caller.view();
        if (view == null) {
            throw new AssertionError("the caller has no view");
        }
        return view;
    }

    private static boolean lists(View view, String name) {
        boolean[] found = {false};
        view.forEachMember(listing -> found[0] |= listing.name().equals(name));
        return found[0];
    }

    private static boolean runs(View view, String service) {
        return view.slot(new SlotId(service, 1)) instanceof SlotState.Running
                && view.slot(new SlotId(service, 2)) instanceof SlotState.Running
                && owners(view, service).stream().distinct().count() == 2;
    }

    /** Names of those who own a slot of the service. */
    private static Set<String> owners(View view, String service) {
        var names = new TreeSet<String>();
        for (int slot = 1; slot <= 2; slot++) {
            var state = view.slot(new SlotId(service, slot));
            var listing = state == null ? null : view.member(state.owner().node());
            if (listing != null) {
                names.add(listing.name());
            }
        }
        return names;
    }
}
