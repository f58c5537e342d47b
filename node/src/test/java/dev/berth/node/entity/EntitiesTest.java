package dev.berth.node.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.CallException;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.entity.EntityCall;
import dev.berth.core.record.Version;
import dev.berth.core.record.WireName;
import dev.berth.core.wire.Bytes;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.process.OneWay;
import dev.berth.node.worker.Agent;
import dev.berth.node.worker.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Entities in a cluster of two owners and a caller in this JVM, over a real store. What is kept is read after owners change. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EntitiesTest {
    record Bag(long gold, Map<String, Integer> items) {}

    record Seen(int times) {}

    interface Player extends Entity<Long> {
        Bag buy(String item, int price);

        long gold();

        long give(long to, long gold);

        long take(long gold);

        void fail();

        int look();

        void soon(String what, int millis);

        void pass(String note, List<Long> on);

        long circle(long other);

        long id();

        @OneWay
        void note(String text);

        String notes();

        void leave();

        long deep(int more);

        String calm(String timer, int bytes);

        String much(int bytes);

        int measure(String text);

        void pay(long to, long gold);

        void receive(long gold);
    }

    private final Entities app = Entities.named("hello")
            .entity(Player.class, PlayerCode::new)
            .records(Seen.class)
            .build();
    private DevCluster cluster;
    private Node caller;

    @BeforeEach
    void start() throws Exception {
        cluster = DevCluster.start(ServicePlan.bucketed(app.service(), 2, 16));
        owner("owner-1");
        caller = cluster.start(cluster.node("caller"), Map.of());
    }

    private Node owner(String name) throws Exception {
        return cluster.start(cluster.node(name).withSlots(app.service(), 2), Map.of(app.service(), app.code()));
    }

    @AfterEach
    void stop() {
        caller.close();
        cluster.close();
    }

    private Player player(long key) {
        return app.agent(caller, Player.class, key);
    }

    @Test
    @Tag("S2.2")
    @Tag("S2.3")
    @Tag("S2.4")
    void whatIsSet_isThereForTheNextOwner() throws Exception {
        Node second =
                cluster.start(cluster.node("owner-2").withSlots(app.service(), 2), Map.of(app.service(), app.code()));
        await(() -> owners().contains(second.self()));
        for (long key = 1; key <= 20; key++) {
            assertThat(player(key).buy("bow", (int) key).gold()).isEqualTo(100 - key);
        }
        int made = PlayerCode.MADE.get();
        second.close();
        for (long key = 1; key <= 20; key++) {
            assertThat(player(key).buy("arrow", 1)).isEqualTo(new Bag(99 - key, Map.of("arrow", 1, "bow", 1)));
        }
        assertThat(PlayerCode.MADE.get()).isGreaterThan(made);
    }

    @Test
    void aNo_isCaughtAsOne_andAnAccident_rollsBack() {
        assertThatThrownBy(() -> player(1).buy("castle", 1_000))
                .isInstanceOf(Denied.class)
                .hasMessage("not enough gold");
        assertThatThrownBy(() -> player(1).fail())
                .isInstanceOf(CallException.class)
                .hasMessageContaining("it failed after it had set");
        assertThat(player(1).gold()).isEqualTo(100);
    }

    @Test
    void aCallAfterASet_isRefused_withTheRemedy() {
        assertThatThrownBy(() -> player(1).give(2, 10)).hasMessageContaining("Call first and then set");
        assertThat(player(1).gold()).isEqualTo(100);
        assertThat(player(2).gold()).isEqualTo(100);
    }

    @Test
    void entitiesThatCallInACircle_failAtOnce() {
        assertThatThrownBy(() -> player(1).circle(2))
                .hasMessageContaining("Player 1")
                .hasMessageContaining("@OneWay");
        assertThatThrownBy(() -> player(3).circle(3)).hasMessageContaining("Player 3.circle");
    }

    @Test
    void messages_leaveWhenTheirCauseIsDurable() throws Exception {
        player(1).pass("hello", List.of(2L, 3L));
        await(() -> player(2).notes().equals("hello") && player(3).notes().equals("hello"));
        assertThat(player(1).notes()).isEqualTo("passed");
    }

    @Test
    void timersOutliveTheirOwner_andRingOnce() throws Exception {
        player(1).soon("ding", 1);
        await(() -> player(1).notes().equals("ding"));
        assertThat(player(1).buy("x", 0).items()).isEqualTo(Map.of("ding", 1, "x", 1));
    }

    @Test
    void timersRing_atTheNextOwner_whoNobodyCalls() throws Exception {
        Node second = owner("owner-2");
        PlayerCode.RANG.set(0);
        for (long key = 190; key < 210; key++) {
            player(key).soon("ding", 1_500);
        }
        second.close();
        await(() -> PlayerCode.RANG.get() >= 20);
        for (long key = 190; key < 210; key++) {
            assertThat(player(key).notes()).isEqualTo("ding");
            assertThat(player(key).buy("x", 0).items()).isEqualTo(Map.of("ding", 1, "x", 1));
        }
    }

    @Test
    void softStates_areKeptWhenASlotIsHandedOver() throws Exception {
        for (int i = 1; i <= 5; i++) {
            assertThat(player(1).look()).isEqualTo(i);
        }
        owner("owner-2");
        Incarnation first = first();
        assertThat(caller.ask(new Proposal.DrainNode(first.node(), true)).get().accepted())
                .isTrue();
        await(() -> owners().stream().noneMatch(first::equals));
        assertThat(player(1).look()).isEqualTo(6);
    }

    private Incarnation first() {
        return Objects.requireNonNull(owners().getFirst());
    }

    /** Who owns each bucket, by the view that the caller has. */
    private List<Incarnation> owners() {
        List<Incarnation> owners = new ArrayList<>();
        View view = caller.view();
        Service service = view == null ? null : view.service(app.service());
        if (service != null) {
            service.forEachUnit((_, state) ->
                    owners.add(state instanceof SlotState.Running running ? running.owner() : Incarnation.NONE));
        }
        return owners;
    }

    @Test
    void anEntityThatLeavesAllTheTime_losesNothing_andIsNeverTwo() throws Exception {
        int callers = 16;
        CountDownLatch ended = new CountDownLatch(callers);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            boolean leaves = i % 4 == 0;
            Thread.startVirtualThread(() -> {
                long last = 0;
                try {
                    for (int j = 0; j < 40; j++) {
                        long now = player(8).take(1);
                        if (now <= last) {
                            synchronized (wrong) {
                                wrong.add("told " + now + " after " + last);
                            }
                        }
                        last = now;
                        if (leaves) {
                            player(8).leave();
                        }
                    }
                } catch (RuntimeException thrown) {
                    synchronized (wrong) {
                        wrong.add(thrown.toString());
                    }
                } finally {
                    ended.countDown();
                }
            });
        }
        ended.await();
        assertThat(wrong).isEmpty();
        assertThat(player(8).gold()).isEqualTo(100 + callers * 40);
    }

    @Test
    void timersAndSoftStates_outliveLeaving() {
        assertThat(player(9).look()).isEqualTo(1);
        player(9).leave();
        assertThat(player(9).look()).isEqualTo(2);
        for (int i = 0; i < 5; i++) {
            player(9).soon("ding", 1);
            int rang = i + 1;
            await(() -> player(9).buy("x", 0).items().getOrDefault("ding", 0) == rang);
            player(9).leave();
            player(9).soon("dong", 20);
            await(() -> player(9).buy("x", 0).items().getOrDefault("dong", 0) == rang);
        }
    }

    @Test
    void aMethodThatFails_takesNoTimerBack() {
        player(5).soon("ding", 300);
        // What changes something answers 64 KiB at most.
        assertThatThrownBy(() -> player(5).calm("ding", 100_000)).hasMessageContaining("at most 65536 bytes");
        await(() -> player(5).notes().equals("ding"));
        player(6).soon("ding", 300);
        assertThat(player(6).calm("ding", 0)).isEmpty();
        player(6).soon("dong", 400);
        await(() -> !player(6).notes().isEmpty());
        assertThat(player(6).notes()).isEqualTo("dong");
    }

    @Test
    void tooManyWhoWaitForEachOther_failAtOnce_andTheNodeLives() throws Exception {
        Node second = owner("owner-2");
        await(() -> owners().contains(second.self()));
        assertThat(player(1_000).deep(60)).isEqualTo(1_060);
        assertThatThrownBy(() -> player(1_000).deep(70)).hasMessageContaining("wait for one another");
        assertThat(player(1_000).gold()).isEqualTo(100);
        assertThat(caller.mayAct()).isTrue();
    }

    @Test
    void whatIsTooLarge_endsTheCall_andNotTheNode() {
        assertThatThrownBy(() -> player(1).much(1_100_000)).hasMessageContaining("more than");
        assertThat(player(1).much(1_000_000)).hasSize(1_000_000);
        assertThatThrownBy(() -> player(1).measure("x".repeat((1 << 20) - 30))).isInstanceOf(RuntimeException.class);
        assertThat(player(1).measure("x".repeat(1_000_000))).isEqualTo(1_000_000);
        Bytes long1 = Bytes.wrap(new byte[500]);
        assertThatThrownBy(() -> caller.agent(app.service())
                        .call(
                                1,
                                new EntityCall("Player", long1, "gold", Bytes.EMPTY, false).encoded(),
                                Duration.ofSeconds(30)))
                .hasMessageContaining("a key has at most 256 bytes");
        assertThat(player(1).gold()).isEqualTo(100);
        assertThat(caller.mayAct()).isTrue();
    }

    @Test
    @Tag("S2.28")
    void whatIsDelivered_arrivesOnce_orComesBack() {
        player(1).pay(2, 40);
        await(() -> player(2).gold() == 140);
        assertThat(player(1).gold()).isEqualTo(60);
        player(1).pay(2, 40);
        await(() -> player(1).gold() == 60 && !player(1).notes().isEmpty());
        assertThat(player(1).notes()).isEqualTo("Player 2.receive: Denied: my bag is full");
        assertThat(player(2).gold()).isEqualTo(140);
    }

    @Test
    @Tag("S2.28")
    void messagesToTheSameOne_followEachOther() {
        for (int i = 1; i <= 20; i++) {
            player(1).pay(2, 1);
        }
        await(() -> player(2).gold() == 120);
        await(() -> picture(1).contains("\"under_way\":[]"));
        assertThat(player(1).gold()).isEqualTo(80);
    }

    /** That it has arrived may not be written yet, and then the next owner sends it again. */
    @Test
    @Tag("S2.28")
    void whatIsDelivered_hasOneEffect_alsoIfItsSenderIsHandedOver() throws Exception {
        player(1).pay(2, 40);
        await(() -> picture(1).contains("\"under_way\":[]"));
        Node next = owner("owner-2");
        Incarnation first = first();
        assertThat(caller.ask(new Proposal.DrainNode(first.node(), true)).get().accepted())
                .isTrue();
        await(() -> owners().stream().allMatch(next.self()::equals));
        assertThat(picture(1)).contains("\"under_way\":[]").contains(next.self().toString());
        assertThat(player(1).gold()).isEqualTo(60);
        assertThat(player(2).gold()).isEqualTo(140);
    }

    private String picture(long key) {
        return new EntityAgents(app, NodeGround.of(caller))
                .ask(app.type(Player.class), String.valueOf(key), Copies.Question.LOOK, Bytes.EMPTY)
                .utf8();
    }

    @Test
    void whatIsNoCallOfAnEntity_isRefused_andTheOwnerLives() {
        Agent raw = caller.agent(app.service());
        assertThatThrownBy(() -> raw.call(1, Bytes.utf8("hello?"), Duration.ofSeconds(30)))
                .hasMessageContaining("MalformedCall");
        Bytes unknown = new EntityCall("Castle", Bytes.utf8("1"), "storm", Bytes.EMPTY, false).encoded();
        assertThatThrownBy(() -> raw.call(1, unknown, Duration.ofSeconds(30)))
                .hasMessageContaining("has no entity Castle; it has [Player]");
        Bytes key = Keys.LONG.write(1L);
        Bytes method = new EntityCall("Player", key, "fly", Bytes.EMPTY, false).encoded();
        assertThatThrownBy(() -> raw.call(1, method, Duration.ofSeconds(30))).hasMessageContaining("has no method fly");
        Bytes arguments = new EntityCall("Player", key, "buy", Bytes.utf8("?"), false).encoded();
        assertThatThrownBy(() -> raw.call(1, arguments, Duration.ofSeconds(30))).hasMessageContaining("Player.buy");
        assertThat(player(1).gold()).isEqualTo(100);
    }

    interface Later extends Entity<Long> {
        long gold();
    }

    /** What a later build would keep. */
    @Version(2)
    @WireName("Purse")
    record LaterPurse(long gold) {}

    @WireName("Purse")
    record Purse(long gold) {}

    private record LaterCode(State<LaterPurse> purse) implements Later {
        @Override
        public long gold() {
            return purse.set(new LaterPurse(7)).gold();
        }
    }

    private record EarlierCode(State<Purse> purse) implements Later {
        @Override
        public long gold() {
            return purse.get().gold();
        }
    }

    @Test
    void aStateOfALaterBuild_isNotRead_andSaysSo() throws Exception {
        Entities later = Entities.named("builds")
                .entity(Later.class, me -> new LaterCode(me.state("purse", new LaterPurse(0))))
                .records(LaterPurse.class)
                .build();
        Entities earlier = Entities.named("builds")
                .entity(Later.class, me -> new EarlierCode(me.state("purse", new Purse(0))))
                .records(Purse.class)
                .build();
        try (DevCluster builds = DevCluster.start(ServicePlan.bucketed("builds", 1, 4))) {
            Node gate = builds.start(builds.node("gate"), Map.of());
            Node first = builds.start(builds.node("first").withSlots("builds", 1), Map.of("builds", later.code()));
            assertThat(later.agent(gate, Later.class, 1L).gold()).isEqualTo(7);
            first.close();
            builds.start(builds.node("second").withSlots("builds", 1), Map.of("builds", earlier.code()));
            assertThatThrownBy(() -> earlier.agent(gate, Later.class, 1L).gold())
                    .hasMessageContaining("written in version 2")
                    .hasMessageContaining("roll forward");
            assertThat(gate.mayAct()).isTrue();
        }
    }

    @Test
    void anEntityThatNobodyCalls_leavesTheMemory_andComesBack() throws Exception {
        Entities restless = Entities.named("restless")
                .entity(Player.class, PlayerCode::new)
                .records(Seen.class)
                .idle(Duration.ofMillis(50))
                .build();
        try (DevCluster other = DevCluster.start(ServicePlan.bucketed("restless", 1, 4))) {
            Node node = other.start(other.node("owner").withSlots("restless", 1), Map.of("restless", restless.code()));
            Player player = restless.agent(node, Player.class, 1L);
            player.buy("bow", 3);
            int processes = node.processes().count();
            await(() -> node.processes().count() < processes);
            assertThat(player.gold()).isEqualTo(97);
        }
    }

    @Test
    void manyCallersOfOneEntity_areServedOneByOne() throws Exception {
        int callers = 64;
        int each = 50;
        CountDownLatch ended = new CountDownLatch(callers);
        List<Throwable> thrown = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            Thread.startVirtualThread(() -> {
                try {
                    for (int j = 0; j < each; j++) {
                        player(7).take(1);
                    }
                } catch (RuntimeException e) {
                    synchronized (thrown) {
                        thrown.add(e);
                    }
                } finally {
                    ended.countDown();
                }
            });
        }
        ended.await();
        assertThat(thrown).isEmpty();
        assertThat(player(7).gold()).isEqualTo(100 + callers * each);
    }

    @Test
    void ids_areNeverTheSame() {
        List<Long> ids = new ArrayList<>();
        for (long key = 1; key <= 200; key++) {
            ids.add(player(key).id());
        }
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id > 0);
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) {
        while (!condition.holds()) {
            Thread.onSpinWait();
        }
    }
}
