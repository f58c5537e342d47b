package dev.berth.node.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.Timings;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.operate.Operator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// Real masters, ZooKeeper and sockets in this JVM; timings a quarter of the usual ones. Slots count what they are
// told, so an answer shows who gave it and what it has seen.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ClusterTest {
    private static final Timings QUICK = Timings.DEFAULT.dividedBy(4);
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Answers with its node's name and how many calls the slot has had. */
    private static final class Counter implements SlotService {
        private final String name;
        private final Map<Slot, Integer> counts = new ConcurrentHashMap<>();
        final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();

        Counter(String name) {
            this.name = name;
        }

        @Override
        public void load(Slot slot, SlotStore store) {
            told.add("load " + slot.service() + "/" + slot.number() + " of " + slot.capacity());
        }

        @Override
        public Bytes handle(ServiceCall call) {
            if (call.body().utf8().equals("throw")) {
                throw new IllegalStateException("as asked");
            }
            return Bytes.utf8(name + " " + counts.merge(call.slot(), 1, Integer::sum));
        }

        @Override
        public void flush(Slot slot) {
            told.add("flush " + slot.service() + "/" + slot.number());
        }

        @Override
        public void dropped(Slot slot, String cause) {
            told.add("dropped " + slot.service() + "/" + slot.number());
        }
    }

    /** Waits for a view in which this holds. */
    private static void await(Node node, Predicate<View> what) throws InterruptedException {
        LinkedBlockingQueue<View> views = new LinkedBlockingQueue<>();
        node.onChange(change -> views.add(change.view()));
        View view = node.view();
        while (view == null || !what.test(view)) {
            view = views.take();
        }
    }

    private static boolean runs(View view, String service, int slot) {
        return view.slot(new SlotId(service, slot)) instanceof SlotState.Running;
    }

    private static String call(Agent agent, int slot) {
        return agent.callSlot(slot, Bytes.utf8("add"), LONG).utf8();
    }

    @Test
    @Tag("S2.9")
    @Tag("S2.12")
    void callBeforeAnybodyServes_isHeld_andAnswered() throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("role", 2))) {
            Node gate = cluster.start(cluster.node("gate-1"), Map.of());
            CompletableFuture<Outcome<Bytes>> early = gate.agent("role").callSlotAsync(2, Bytes.utf8("add"), LONG);
            cluster.start(cluster.node("role-1").withSlots("role", 2), Map.of("role", new Counter("role-1")));

            assertThat(early.get()).isEqualTo(new Outcome.Done<>(Bytes.utf8("role-1 1")));
            assertThat(call(gate.agent("role"), 2)).isEqualTo("role-1 2");
            assertThat(call(gate.agent("role"), 1)).isEqualTo("role-1 1");
        }
    }

    @Test
    void handlerThrows_callEndsAsFailed_andTheSlotGoesOn() throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("role", 1))) {
            Node role = cluster.start(cluster.node("role-1").withSlots("role", 1), Map.of("role", new Counter("r")));
            Agent agent = role.agent("role");

            assertThatThrownBy(() -> agent.callSlot(1, Bytes.utf8("throw"), LONG))
                    .isInstanceOf(CallException.class)
                    .hasMessageContaining("as asked");
            assertThat(call(agent, 1)).isEqualTo("r 1");
        }
    }

    @Test
    @Tag("S2.25")
    @Tag("S2.16")
    @Tag("S2.17")
    @Tag("S2.21")
    @Tag("S2.22")
    void worker_comesUp_loads_andRuns_andASurplusOneIsRefused() throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("role", 1));
                Worker worker = Worker.up(cluster.node("role-1").withSlots("role", 1), "role")) {
            assertThat(worker.slot().number()).isEqualTo(1);
            assertThat(worker.slot().capacity()).isEqualTo(1);
            worker.run(call -> Bytes.utf8("loaded " + worker.slot().number()));
            assertThat(call(worker.node().agent("role"), 1)).isEqualTo("loaded 1");

            assertThatThrownBy(() -> Worker.up(cluster.node("role-2").withSlots("role", 1), "role"))
                    .isInstanceOf(JoinRefusedException.class)
                    .hasMessageContaining("healthy owner");
        }
    }

    @Test
    @Tag("S2.19")
    @Tag("S2.20")
    @Tag("S2.29")
    void ownerLeaves_standbyTakesOver_andCallsGoOn() throws Exception {
        try (DevCluster cluster = DevCluster.start(QUICK, 1, ServicePlan.plain("role", 1))) {
            Node first = Node.start(cluster.node("role-1").withSlots("role", 1), Map.of("role", new Counter("first")));
            Node gate = cluster.start(cluster.node("gate-1"), Map.of());
            assertThat(call(gate.agent("role"), 1)).isEqualTo("first 1");
            cluster.start(cluster.node("role-2").withStandby("role", 1), Map.of("role", new Counter("second")));

            first.close();
            assertThat(call(gate.agent("role"), 1)).isEqualTo("second 1");
        }
    }

    @Test
    @Tag("S4.18")
    @Tag("S2.14")
    @Tag("S1.34")
    void leadingMasterCloses_theOtherTakesOver_andNobodyIsSuspended() throws Exception {
        try (DevCluster cluster = DevCluster.start(QUICK, 2, ServicePlan.plain("role", 2))) {
            Counter counter = new Counter("role-1");
            Node role = cluster.start(cluster.node("role-1").withSlots("role", 2), Map.of("role", counter));
            await(role, view -> runs(view, "role", 1) && runs(view, "role", 2));

            cluster.masters().getFirst().close();
            Node late = cluster.start(cluster.node("gate-1"), Map.of());

            assertThat(call(late.agent("role"), 1)).isEqualTo("role-1 1");
            assertThat(counter.told).noneMatch(line -> line.startsWith("dropped"));
        }
    }

    @Test
    @Tag("S4.18")
    void noMasterAtAll_whoRenewsAtTheCoordinator_goesOn_andOthersAreSuspended() throws Exception {
        try (DevCluster cluster = DevCluster.start(QUICK, 1, ServicePlan.plain("role", 1))) {
            Node touching = cluster.start(
                    cluster.touchingNode("role-1").withSlots("role", 1), Map.of("role", new Counter("role-1")));
            Node other = cluster.start(cluster.node("gate-1"), Map.of());
            assertThat(call(other.agent("role"), 1)).isEqualTo("role-1 1");

            cluster.masters().getFirst().close();
            while (other.mayAct()) {
                Thread.onSpinWait();
            }
            // Both have had the same lease; only one has renewed it since.
            assertThat(call(touching.agent("role"), 1)).isEqualTo("role-1 2");
        }
    }

    @Test
    @Tag("D9")
    void drainedNode_handsItsSlotsOver_andNoCallFails() throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("role", 2))) {
            Counter one = new Counter("role-1");
            Node first = cluster.start(cluster.node("role-1").withSlots("role", 2), Map.of("role", one));
            await(first, view -> runs(view, "role", 1) && runs(view, "role", 2));
            cluster.start(cluster.node("role-2").withStandby("role", 2), Map.of("role", new Counter("role-2")));
            Node gate = cluster.start(cluster.node("gate-1"), Map.of());
            List<CompletableFuture<Outcome<Bytes>>> calls = new ArrayList<>();
            Thread caller = Thread.ofVirtual().start(() -> callUntil(gate.agent("role"), calls));

            assertThat(gate.ask(new Proposal.DrainNode(first.self().node(), true))
                            .get()
                            .accepted())
                    .isTrue();
            await(gate, view -> ownsNothing(view, first));
            caller.interrupt();
            caller.join();

            assertThat(calls).isNotEmpty();
            for (CompletableFuture<Outcome<Bytes>> call : calls) {
                assertThat(call.get()).isInstanceOf(Outcome.Done.class);
            }
            assertThat(call(gate.agent("role"), 1)).startsWith("role-2");
            assertThat(one.told).contains("flush role/1", "flush role/2", "dropped role/1", "dropped role/2");
        }
    }

    private static boolean ownsNothing(View view, Node node) {
        for (int slot = 1; slot <= 2; slot++) {
            SlotState state = view.slot(new SlotId("role", slot));
            if (state == null || state.owner().equals(node.self()) || !(state instanceof SlotState.Running)) {
                return false;
            }
        }
        return true;
    }

    private static void callUntil(Agent agent, List<CompletableFuture<Outcome<Bytes>>> calls) {
        for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
            CompletableFuture<Outcome<Bytes>> call = agent.callSlotAsync(1 + i % 2, Bytes.utf8("add"), LONG);
            calls.add(call);
            try {
                call.get();
            } catch (InterruptedException over) {
                return;
            } catch (ExecutionException broken) {
                throw new IllegalStateException(broken);
            }
        }
    }

    /** Numbers in the store. */
    private static final class Durable implements SlotService {
        private final Map<Slot, Integer> counts = new ConcurrentHashMap<>();

        @Override
        public void load(Slot slot, SlotStore store) throws Exception {
            int[] found = {0};
            store.load(_ -> found[0]++);
            counts.put(slot, found[0]);
        }

        @Override
        public Bytes handle(ServiceCall call) throws Exception {
            call.store().append(Bytes.utf8("count"), Bytes.utf8("+1"));
            return Bytes.utf8(call.slot().epoch() + " " + counts.merge(call.slot(), 1, Integer::sum));
        }
    }

    @Test
    @Tag("S2.2")
    void whatWasAnswered_isThere_whenAnotherOwnsTheSlot() throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("role", 1))) {
            Node first = Node.start(cluster.node("role-1").withSlots("role", 1), Map.of("role", new Durable()));
            Node gate = cluster.start(cluster.node("gate-1"), Map.of());
            assertThat(call(gate.agent("role"), 1)).endsWith(" 1");
            assertThat(call(gate.agent("role"), 1)).endsWith(" 2");
            cluster.start(cluster.node("role-2").withStandby("role", 1), Map.of("role", new Durable()));

            first.close();
            assertThat(call(gate.agent("role"), 1)).endsWith(" 3");
        }
    }

    @Test
    @Tag("S1.6")
    @Tag("S1.20")
    @Tag("S3.8")
    @Tag("S4.5")
    void operator_seesTheCluster_andChangesIt() throws Exception {
        try (DevCluster cluster = DevCluster.start(DevCluster.PATIENT, 2, ServicePlan.plain("role", 1));
                Operator operator = cluster.operator()) {
            Node role = cluster.start(cluster.node("role-1").withSlots("role", 1), Map.of("role", new Durable()));
            await(role, view -> runs(view, "role", 1));

            ClusterMessage.Status status = operator.status(LONG);
            assertThat(status.members()).singleElement().satisfies(member -> {
                assertThat(member.incarnation()).isEqualTo(role.self());
                assertThat(member.suspected()).isFalse();
            });
            assertThat(status.view().toView().member(role.self().node()))
                    .isNotNull()
                    .satisfies(listing -> assertThat(listing.addresses())
                            .containsExactly("127.0.0.1:" + role.address().getPort()));

            assertThat(operator.propose(new Proposal.SetSetting("drain.slots-max", "3"), LONG)
                            .accepted())
                    .isTrue();
            await(role, view -> "3".equals(view.settings().values().get("drain.slots-max")));
            assertThat(operator.propose(new Proposal.SetSetting("drain.slot-max", "3"), LONG)
                            .reason())
                    .contains("drain.slots-max");
        }
    }

    @Test
    void portTaken_isSaid() throws IOException {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("role", 1))) {
            Node one = cluster.start(cluster.node("a"), Map.of());
            assertThatThrownBy(() -> Node.start(cluster.node("b").withListen(one.address())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void agentOfAClosedNode_refusesCalls() throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("role", 1))) {
            Node node = Node.start(cluster.node("role-1").withSlots("role", 1), Map.of("role", new Counter("r")));
            Agent agent = node.agent("role");
            assertThat(call(agent, 1)).isEqualTo("r 1");
            node.close();

            assertThatThrownBy(() -> call(agent, 1))
                    .isInstanceOfSatisfying(
                            CallException.class,
                            refused -> assertThat(refused.outcome())
                                    .isEqualTo(new Outcome.Refused<>(RefusedReason.STOPPED, 0)));
        }
    }

    @Test
    @Tag("S4.4")
    @Tag("S4.3")
    void idThatALivingNodeHas_isRefused_andIsFreeWhenItIsGone() throws Exception {
        try (DevCluster cluster = DevCluster.start(QUICK, 1, ServicePlan.plain("role", 1))) {
            Node first = Node.start(cluster.node("a").withId(40_000));
            assertThat(first.listed().get().node().value()).isEqualTo(40_000);
            try (Node second = Node.start(cluster.node("b").withId(40_000))) {
                assertThat(second.ended().get()).contains("ID_TAKEN").contains("n40000");
            }
            first.close();
            try (Node third = Node.start(cluster.node("c").withId(40_000))) {
                assertThat(third.listed().get().node().value()).isEqualTo(40_000);
            }
        }
    }

    @Test
    void handlerThatBreaksOrAnswersNonsense_endsItsCall_andTheSlotGoesOn() throws Exception {
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("role", 1))) {
            Node role = cluster.start(
                    cluster.node("role-1").withSlots("role", 1), Map.of("role", call -> switch (call.body()
                            .utf8()) {
                        case "error" -> throw new StackOverflowError("as asked");
                        case "null" -> nothing();
                        case "huge" -> Bytes.wrap(new byte[PeerMessage.BODY_MAX + 1]);
                        default -> call.body();
                    }));
            Agent agent = role.agent("role");
            for (String asked : List.of("error", "null", "huge")) {
                assertThatThrownBy(() -> agent.callSlot(1, Bytes.utf8(asked), LONG))
                        .isInstanceOfSatisfying(
                                CallException.class,
                                failed -> assertThat(failed.outcome()).isInstanceOf(Outcome.Failed.class));
            }
            assertThatThrownBy(() -> agent.callSlot(1, Bytes.wrap(new byte[PeerMessage.BODY_MAX + 1]), LONG))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("in pieces");
            assertThat(agent.callSlot(1, Bytes.utf8("fine"), LONG).utf8()).isEqualTo("fine");
        }
    }

    @SuppressWarnings("NullAway") // as an author without the checker might
    private static Bytes nothing() {
        return null;
    }

    @Test
    void loadThatEndsInAnError_isGivenUpLikeAnyOther() throws Exception {
        SlotService broken = new SlotService() {
            @Override
            public void load(Slot slot, SlotStore store) {
                throw new NoClassDefFoundError("as asked");
            }

            @Override
            public Bytes handle(ServiceCall call) {
                return call.body();
            }
        };
        try (DevCluster cluster = DevCluster.start(ServicePlan.plain("role", 1))) {
            Node gate = cluster.start(cluster.node("gate"), Map.of());
            for (int i = 1; i <= 3; i++) {
                cluster.start(cluster.node("role-" + i).withStandby("role", 1), Map.of("role", broken));
            }
            await(gate, view -> view.slot(new SlotId("role", 1)) instanceof SlotState.Parked);
            assertThat(gate.mayAct()).isTrue();
        }
    }
}
