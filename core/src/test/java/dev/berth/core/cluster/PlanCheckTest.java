package dev.berth.core.cluster;

import static dev.berth.core.cluster.PlanRounds.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// One small cluster: a plain service "gate" and a bucketed one "role" run on nodes 1 and 2, a plain "auth" runs
// nowhere, and node 1 holds the name "market". Proposals are put to it, and the reasons compared whole.

/** Which proposals are granted, and what they change. */
class PlanCheckTest {
    private static final SettingsCatalog CATALOG = SettingsCatalog.BUILT_IN;
    private static final PlanRounds CLUSTER = cluster();
    private static final View VIEW = CLUSTER.view();
    private static final Incarnation ONE = CLUSTER.incarnation(1);
    private static final Incarnation TWO = CLUSTER.incarnation(2);
    private static final Incarnation STRANGER = new Incarnation(new NodeId(9), 4);

    private static PlanRounds cluster() {
        PlanRounds cluster = new PlanRounds(
                1, ServicePlan.plain("auth", 1), ServicePlan.plain("gate", 2), ServicePlan.bucketed("role", 2, 8));
        cluster.join(1, offer("gate", 1), offer("role", 2)).join(2, offer("gate", 1), offer("role", 2));
        cluster.settle();
        cluster.change(new Change.NameTaken(new GlobalName("market", 77, cluster.incarnation(1))));
        cluster.change(new Change.SettingChanged(SettingsCatalog.DRAIN_SLOTS_MAX, "4"));
        cluster.change(new Change.SettingChanged("gone.with-the-last-version", "1"));
        return cluster.settle();
    }

    private static String refused(Incarnation proposer, Proposal proposal) {
        return PlanCheck.problem(VIEW, proposer, proposal, Timings.DEFAULT, CATALOG)
                .orElse("granted");
    }

    private static List<Change> granted(Incarnation proposer, Proposal proposal) {
        assertThat(PlanCheck.problem(VIEW, proposer, proposal, Timings.DEFAULT, CATALOG))
                .isEmpty();
        return PlanCheck.changes(VIEW, proposer, proposal);
    }

    @Test
    @Tag("S1.2")
    void setting_isCheckedByTheCatalog() {
        String key = SettingsCatalog.DRAIN_SLOTS_MAX;

        assertThat(granted(TWO, new Proposal.SetSetting(key, "9")))
                .containsExactly(new Change.SettingChanged(key, "9"));
        assertThat(granted(TWO, new Proposal.SetSetting(key, "4")))
                .as("as it is already")
                .isEmpty();
        assertThat(refused(TWO, new Proposal.SetSetting(key, "-1")))
                .isEqualTo("drain.slots-max is a whole number of slots and buckets from 0 to 10000, not \"-1\"");
        assertThat(refused(TWO, new Proposal.SetSetting("drains.slot-max", "1")))
                .isEqualTo("there is no setting \"drains.slot-max\"; did you mean drain.slots-max?");
    }

    @Test
    void setting_isCleared_evenIfThisVersionDoesNotKnowIt() {
        assertThat(granted(TWO, new Proposal.ClearSetting(SettingsCatalog.DRAIN_SLOTS_MAX)))
                .hasSize(1);
        assertThat(granted(TWO, new Proposal.ClearSetting("gone.with-the-last-version")))
                .containsExactly(new Change.SettingRemoved("gone.with-the-last-version"));
        assertThat(refused(TWO, new Proposal.ClearSetting("drain.slots")))
                .isEqualTo("there is no setting \"drain.slots\"; did you mean drain.slots-max?");
    }

    @Test
    void name_isForWhoComesFirst_andItsHolderAloneFreesIt() {
        assertThat(granted(TWO, new Proposal.TakeName("auction", 5)))
                .containsExactly(new Change.NameTaken(new GlobalName("auction", 5, TWO)));
        assertThat(refused(TWO, new Proposal.TakeName("market", 5)))
                .isEqualTo("the name market is held by w1 (" + ONE + ")");
        assertThat(refused(TWO, new Proposal.FreeName("market")))
                .isEqualTo("the name market is held by w1 (" + ONE + ")");
        assertThat(granted(ONE, new Proposal.FreeName("market"))).containsExactly(new Change.NameFreed("market"));
    }

    @Test
    void name_takenOrFreedAgain_changesNothing() {
        assertThat(granted(ONE, new Proposal.TakeName("market", 77))).isEmpty();
        assertThat(granted(TWO, new Proposal.FreeName("auction"))).isEmpty();
    }

    @Test
    void name_ofAStranger_orIllSpelled_isRefused() {
        assertThat(refused(STRANGER, new Proposal.TakeName("auction", 5)))
                .isEqualTo("only a listed member can hold a name, and view " + VIEW.number() + " does not list n9.4");
        assertThat(refused(ONE, new Proposal.TakeName("Auction!", 5)))
                .isEqualTo("a name has 1 to 64 characters of a-z 0-9 . _ -");
    }

    @Test
    void node_isDrained_ifItIsListed() {
        assertThat(granted(TWO, new Proposal.DrainNode(new NodeId(1), true)))
                .singleElement()
                .extracting(change -> ((Change.MemberListed) change).listing().draining())
                .isEqualTo(true);
        assertThat(granted(TWO, new Proposal.DrainNode(new NodeId(1), false))).isEmpty();
        assertThat(refused(TWO, new Proposal.DrainNode(new NodeId(9), true)))
                .isEqualTo("view " + VIEW.number() + " lists no node n9");
    }

    @Test
    void service_isPlannedOnce() {
        ServicePlan chat = ServicePlan.plain("chat", 3);
        assertThat(granted(TWO, new Proposal.PlanService(chat))).containsExactly(new Change.ServicePlanned(chat));
        assertThat(granted(TWO, new Proposal.PlanService(ServicePlan.plain("gate", 2))))
                .as("as it is already")
                .isEmpty();
    }

    @Test
    void plainService_keepsItsCapacity_whileAnInstanceRuns() {
        String reason = "service gate has the capacity 2, which is fixed while an instance runs:"
                + " 2 of its slots have an owner";

        assertThat(refused(TWO, new Proposal.PlanService(ServicePlan.plain("gate", 1))))
                .isEqualTo(reason);
        assertThat(refused(TWO, new Proposal.Resize("gate", 1))).isEqualTo(reason);
        assertThat(granted(TWO, new Proposal.Resize("gate", 2)))
                .as("as it is already")
                .isEmpty();
        assertThat(granted(TWO, new Proposal.PlanService(ServicePlan.plain("auth", 3))))
                .as("of auth nothing runs")
                .hasSize(1);
        assertThat(refused(TWO, new Proposal.Resize("auth", 3)))
                .isEqualTo("service auth has no buckets that could move; plan it anew instead");
    }

    @Test
    void bucketedService_isResizedWithinItsBuckets() {
        assertThat(granted(TWO, new Proposal.Resize("role", 4))).contains(new Change.Resized("role", 4));
        assertThat(granted(TWO, new Proposal.Resize("role", 2))).isEmpty();
        assertThat(refused(TWO, new Proposal.Resize("role", 9)))
                .isEqualTo("the capacity of service role lies between 1 and its 8 buckets, got 9");
        assertThat(refused(TWO, new Proposal.Resize("role", 0)))
                .isEqualTo("the capacity of service role lies between 1 and its 8 buckets, got 0");
        assertThat(refused(TWO, new Proposal.Resize("rule", 3)))
                .isEqualTo("the cluster plans no service \"rule\"; did you mean role?");
        assertThat(refused(TWO, new Proposal.PlanService(ServicePlan.bucketed("role", 4, 8))))
                .isEqualTo("service role exists, with the capacity 2; resize it instead");
        assertThat(refused(TWO, new Proposal.PlanService(ServicePlan.bucketed("role", 2, 16))))
                .isEqualTo("service role has 8 buckets, and that is fixed for good: keys map to them");
    }

    @Test
    void capacityZero_isRefusedWhereAPlanIsMade() {
        assertThatThrownBy(() -> ServicePlan.plain("chat", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("service chat: capacity lies between 1 and 65535, got 0");
    }

    @Test
    void moreServicesOrSlotsThanAViewCanCarry_areRefused() {
        List<ServicePlan> many = new ArrayList<>();
        IntStream.range(0, ServiceCheck.SERVICES_MAX).forEach(i -> many.add(ServicePlan.plain("s" + i, 1)));
        assertThat(ServiceCheck.problem(many)).isNull();
        many.add(ServicePlan.plain("one-more", 1));

        assertThat(ServiceCheck.problem(many)).isEqualTo("a cluster has at most 256 services, this would make 257");
        assertThat(ServiceCheck.problem(List.of(ServicePlan.plain("a", 60_000), ServicePlan.plain("b", 40_001))))
                .isEqualTo("a cluster has at most 100000 slots and buckets, this would make 100001");
        assertThat(ServiceCheck.problem(List.of(ServicePlan.plain("a", 1), ServicePlan.plain("a", 2))))
                .isEqualTo("service a is planned twice");
        assertThat(refused(TWO, new Proposal.PlanService(ServicePlan.bucketed("big", 60_000, 60_000))))
                .isEqualTo("a cluster has at most 100000 slots and buckets, this would make 120013");
    }

    @Test
    void parkedSlot_isOfferedAgain() {
        PlanRounds parked = new PlanRounds(1, ServicePlan.plain("gate", 1));
        parked.round();
        SlotId slot = new SlotId("gate", 1);
        parked.set(slot, new SlotState.Parked("given up by 3 owners", 0));
        parked.round();

        assertThat(PlanCheck.changes(parked.view(), STRANGER, new Proposal.RetrySlot(slot)))
                .containsExactly(new Change.SlotChanged(slot, SlotState.Free.CLEAN));
        assertThat(granted(TWO, new Proposal.RetrySlot(slot)))
                .as("here it is not parked")
                .isEmpty();
        assertThat(refused(TWO, new Proposal.RetrySlot(new SlotId("gate", 3))))
                .isEqualTo("there is no gate/3: service gate has 1 to 2");
        assertThat(refused(TWO, new Proposal.RetrySlot(new SlotId("gat", 1))))
                .isEqualTo("the cluster plans no service \"gat\"; did you mean gate?");
    }

    @Test
    void lease_staysWithinReason_andKeepsTheLongestInMind() {
        long second = 1_000_000_000L;
        String reason = "a lease is at least 2501ms (2 beats, and longer than the 2500ms until a touch)"
                + " and at most 10min, got ";

        assertThat(refused(TWO, new Proposal.SetLease(2 * second))).isEqualTo(reason + "2s");
        assertThat(refused(TWO, new Proposal.SetLease(601 * second))).isEqualTo(reason + "601s");
        assertThat(refused(TWO, new Proposal.SetLease(Long.MIN_VALUE))).startsWith(reason);
        assertThat(granted(TWO, new Proposal.SetLease(5 * second))).isEmpty();
        assertThat(granted(TWO, new Proposal.SetLease(3 * second)))
                .containsExactly(new Change.LeaseChanged(3 * second, 5 * second));
        View lowered = VIEW.apply(
                new Delta(VIEW.number() + 1, "", PlanCheck.changes(VIEW, TWO, new Proposal.SetLease(3 * second))));
        assertThat(PlanCheck.changes(lowered, TWO, new Proposal.SetLease(4 * second)))
                .as("members may still count with the first")
                .containsExactly(new Change.LeaseChanged(4 * second, 5 * second));
    }

    @Provide
    Arbitrary<Proposal> proposals() {
        Arbitrary<String> words = Arbitraries.oneOf(
                Arbitraries.of("market", "gate", "role", "auth", "chat", SettingsCatalog.DRAIN_SLOTS_MAX, "", "9"),
                Arbitraries.strings().ofMaxLength(300));
        Arbitrary<Integer> numbers = Arbitraries.integers().between(-3, 70_000).edgeCases(c -> c.add(0, 1, 2, 8));
        Arbitrary<ServicePlan> plans = Arbitraries.of(
                ServicePlan.plain("gate", 3),
                ServicePlan.plain("chat", 3),
                ServicePlan.plain("auth", 65_535),
                ServicePlan.bucketed("role", 3, 8),
                ServicePlan.bucketed("big", 50_000, 65_535));
        return Arbitraries.oneOf(
                words.flatMap(key -> words.map(value -> new Proposal.SetSetting(key, value))),
                words.map(Proposal.ClearSetting::new),
                words.map(name -> new Proposal.TakeName(name, 5)),
                words.map(Proposal.FreeName::new),
                Arbitraries.integers().between(0, 4).map(id -> new Proposal.DrainNode(new NodeId(id), true)),
                plans.map(Proposal.PlanService::new),
                words.flatMap(service -> numbers.map(capacity -> new Proposal.Resize(service, capacity))),
                Arbitraries.integers().between(1, 9).map(slot -> new Proposal.RetrySlot(new SlotId("role", slot))),
                Arbitraries.longs().map(Proposal.SetLease::new),
                Arbitraries.just(new Proposal.ReleaseBrake()));
    }

    @Property(tries = 2_000)
    void anyProposal_isRefusedInShort_orCanBeCarriedOut_onceAndForAll(
            @ForAll @From("proposals") Proposal proposal, @ForAll boolean first) {
        Incarnation proposer = first ? ONE : TWO;
        var problem = PlanCheck.problem(VIEW, proposer, proposal, Timings.DEFAULT, CATALOG);
        if (problem.isPresent()) {
            assertThat(problem.get()).hasSizeBetween(1, 400);
            return;
        }
        View next = VIEW.apply(new Delta(VIEW.number() + 1, "", PlanCheck.changes(VIEW, proposer, proposal)));

        assertThat(PlanCheck.problem(next, proposer, proposal, Timings.DEFAULT, CATALOG))
                .isEmpty();
        assertThat(PlanCheck.changes(next, proposer, proposal)).isEmpty();
        assertThat(Objects.requireNonNull(next.service("gate")).plan()).isEqualTo(ServicePlan.plain("gate", 2));
    }
}
