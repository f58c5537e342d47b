package dev.berth.core.cluster;

import static dev.berth.core.cluster.PlanRounds.offer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

// Random lives of a small cluster of three services: nodes join, get lost, fall silent, are to be emptied; owners
// finish or fail. What must hold in every view is checked after every round, what must hold in the end once nothing
// moves any more.

/** What the planner owes to every cluster. */
class PlannerPropertyTest {
    private static final int DRAINS_MAX = 2;
    private static final ServicePlan AUTH = new ServicePlan("auth", 3, 0, false);
    private static final ServicePlan GATE = ServicePlan.plain("gate", 7);
    private static final ServicePlan ROLE = ServicePlan.bucketed("role", 4, 11);

    enum Act {
        JOIN,
        LOSE,
        EMPTY,
        SILENCE,
        FINISH,
        FAIL,
        RESIZE,
        ROUND
    }

    /** What happens to whom; {@code slots} is what a joiner offers. */
    record Step(Act act, int node, int slots) {}

    @Provide
    Arbitrary<Step> steps() {
        return Combinators.combine(
                        Arbitraries.of(Act.class),
                        Arbitraries.integers().between(1, 7),
                        Arbitraries.integers().between(1, 4))
                .as(Step::new);
    }

    @Property(tries = 400)
    void everyView_keepsTheLimits_andTheEndIsEvenAndComplete(@ForAll @Size(max = 40) List<@From("steps") Step> life) {
        PlanRounds cluster = new PlanRounds(DRAINS_MAX, AUTH, GATE, ROLE);
        cluster.round();
        for (Step step : life) {
            play(cluster, step);
            checkedRound(cluster);
        }
        cluster.finish().settle();
        assertComplete(cluster, "auth");
        assertComplete(cluster, "gate");
        assertLevel(cluster, "gate");
        assertHomesCompleteAndLevel(cluster);
    }

    private static void play(PlanRounds cluster, Step step) {
        Listing listing = cluster.view().member(new NodeId(step.node()));
        switch (step.act()) {
            case JOIN -> {
                if (listing == null) {
                    int slots = step.slots();
                    cluster.join(step.node(), offer("auth", 1), offer("gate", slots), offer("role", 5 - slots));
                }
            }
            case LOSE -> {
                if (listing != null) {
                    cluster.lose(step.node());
                }
            }
            case EMPTY -> {
                if (listing != null) {
                    cluster.markDraining(step.node());
                }
            }
            case SILENCE -> cluster.silence(step.node());
            case FINISH -> cluster.finish();
            case FAIL -> fail(cluster, step.node());
            case RESIZE ->
                Buckets.resize(Objects.requireNonNull(cluster.view().service("role")), step.slots())
                        .forEach(cluster::change);
            case ROUND -> {}
        }
    }

    /** The node gives up what it was offered, at most twice in a row so that nothing gets parked. */
    private static void fail(PlanRounds cluster, int node) {
        cluster.forEachUnit((slot, state) -> {
            if (state instanceof SlotState.Offered offered
                    && offered.owner().node().value() == node
                    && offered.failures() < 2) {
                cluster.set(slot, new SlotState.Free(offered.failures() + 1));
            }
        });
    }

    private static void checkedRound(PlanRounds cluster) {
        View before = cluster.view();
        List<Change> planned = cluster.round();
        View after = cluster.view();
        TreeSet<Incarnation> candidates = new TreeSet<>();
        cluster.candidates(after).forEach(candidate -> candidates.add(candidate.incarnation()));
        for (Change change : planned) {
            if (change instanceof Change.SlotChanged slot) {
                assertGrant(slot, before, cluster.base(), after, candidates);
            }
        }
        TreeMap<Incarnation, Integer> held = new TreeMap<>();
        int[] drains = {0};
        cluster.forEachUnit((slot, state) -> {
            assertThat(state.owner().isNone() || after.lists(state.owner()))
                    .as("%s %s", slot, state)
                    .isTrue();
            if (slot.service().equals("gate") && !state.owner().isNone()) {
                held.merge(state.owner(), 1, Integer::sum);
            }
            if (state instanceof SlotState.Draining draining) {
                drains[0]++;
                assertThat(after.lists(draining.target())).isTrue();
                if (slot.service().equals("gate")) {
                    held.merge(draining.target(), 1, Integer::sum);
                }
            }
        });
        assertThat(drains[0]).isLessThanOrEqualTo(DRAINS_MAX);
        held.forEach((owner, units) ->
                assertThat(units).as("units of %s", owner).isLessThanOrEqualTo(limit(after, owner, "gate")));
    }

    private static void assertGrant(
            Change.SlotChanged change, View before, View base, View after, Set<Incarnation> candidates) {
        SlotState former = Objects.requireNonNull(base.slot(change.slot()));
        switch (change.state()) {
            case SlotState.Offered offered -> {
                assertThat(offered.epoch()).isEqualTo(after.number());
                assertThat(candidates).contains(offered.owner());
                assertThat(limit(after, offered.owner(), change.slot().service()))
                        .isPositive();
            }
            case SlotState.Running running -> {
                assertThat(running.epoch()).as("rule 21").isEqualTo(after.number());
                assertThat(running.owner()).isEqualTo(former.owner());
                assertThat(former).isInstanceOf(SlotState.Draining.class);
                assertThat(after.lists(((SlotState.Draining) former).target())).isFalse();
            }
            case SlotState.Draining draining -> {
                assertThat(draining.target()).isNotEqualTo(draining.owner());
                assertThat(candidates).contains(draining.target());
                assertThat(former).as("the owner has seen it").isEqualTo(before.slot(change.slot()));
            }
            case SlotState.Free _ -> assertThat(after.lists(former.owner())).isFalse();
            case SlotState.Parked _ -> throw new AssertionError("nothing failed three times: " + change);
        }
    }

    private static int limit(View view, Incarnation owner, String service) {
        return Objects.requireNonNull(view.member(owner.node())).slotsOffered(service);
    }

    private static int free(PlanRounds cluster, String service) {
        return Collections.frequency(cluster.owners(service), 0);
    }

    private static int room(PlanRounds cluster, String service) {
        return Planner.room(cluster.view(), cluster.candidates(cluster.view()), service);
    }

    private static void assertComplete(PlanRounds cluster, String service) {
        assertThat(free(cluster, service) == 0 || room(cluster, service) == 0)
                .as("free %s of %s, room %s", free(cluster, service), service, room(cluster, service))
                .isTrue();
    }

    private static void assertLevel(PlanRounds cluster, String service) {
        assertLevel(cluster, service, cluster.counts(service));
    }

    private static void assertLevel(PlanRounds cluster, String service, Map<Integer, Integer> counts) {
        int most = 0;
        int least = Integer.MAX_VALUE;
        for (Candidate candidate : cluster.candidates(cluster.view())) {
            int count = counts.getOrDefault(candidate.incarnation().node().value(), 0);
            most = Math.max(most, count);
            if (count < limit(cluster.view(), candidate.incarnation(), service)) {
                least = Math.min(least, count);
            }
        }
        assertThat(most)
                .as("%s %s", service, counts)
                .isLessThanOrEqualTo(least == Integer.MAX_VALUE ? most : least + 1);
    }

    private static void assertHomesCompleteAndLevel(PlanRounds cluster) {
        Service role = Objects.requireNonNull(cluster.view().service("role"));
        TreeMap<Integer, Integer> homes = new TreeMap<>();
        for (int slot = 1; slot <= role.plan().capacity(); slot++) {
            homes.merge(role.home(slot).node().value(), 1, Integer::sum);
        }
        assertThat(homes.containsKey(0) && room(cluster, "role") > 0)
                .as("%s", homes)
                .isFalse();
        assertLevel(cluster, "role", homes);
        TreeSet<Incarnation> candidates = new TreeSet<>();
        cluster.candidates(cluster.view()).forEach(candidate -> candidates.add(candidate.incarnation()));
        for (int bucket = 1; bucket <= role.plan().buckets(); bucket++) {
            Incarnation home = role.home(role.slotOf(bucket));
            Incarnation owner = role.unit(bucket).owner();
            boolean canMove = candidates.contains(home) && (owner.isNone() || candidates.contains(owner));
            assertThat(canMove && !owner.equals(home))
                    .as("bucket %s of %s at %s", bucket, home, owner)
                    .isFalse();
        }
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void joiners_costTheFewestMoves(
            @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 1, max = 5) Integer> offers,
            @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 1, max = 5) Integer> joiners,
            @ForAll @IntRange(min = 1, max = 8) int slots,
            @ForAll @IntRange(min = 1, max = 5) int drainsMax) {
        PlanRounds cluster = new PlanRounds(drainsMax, ServicePlan.plain("gate", slots));
        joinAll(cluster, 1, offers);
        cluster.settle();
        List<Integer> limits = new ArrayList<>(offers);
        limits.addAll(joiners);
        int[] before = new int[limits.size()];
        cluster.counts("gate").forEach((node, count) -> before[node - 1] = count);

        joinAll(cluster, offers.size() + 1, joiners);
        cluster.settle();

        assertThat(cluster.drainsBegun()).isEqualTo(fewestMoves(before, free(slots, before), limits));
    }

    private static void joinAll(PlanRounds cluster, int firstNode, List<Integer> offers) {
        for (int i = 0; i < offers.size(); i++) {
            cluster.join(firstNode + i, offer("gate", offers.get(i)));
        }
    }

    private static int free(int slots, int[] counts) {
        return slots - IntStream.of(counts).sum();
    }

    // Tries every way to own the slots that is even within the offers; a slot somebody loses must have moved.
    private static int fewestMoves(int[] before, int free, List<Integer> limits) {
        int total = Math.min(
                IntStream.of(before).sum() + free,
                limits.stream().mapToInt(Integer::intValue).sum());
        return fewestMoves(before, limits, new int[before.length], 0, total);
    }

    private static int fewestMoves(int[] before, List<Integer> limits, int[] after, int index, int left) {
        if (index == after.length) {
            return left == 0 && isEven(after, limits)
                    ? IntStream.range(0, after.length)
                            .map(i -> Math.max(0, before[i] - after[i]))
                            .sum()
                    : Integer.MAX_VALUE;
        }
        int fewest = Integer.MAX_VALUE;
        for (int count = 0; count <= Math.min(left, limits.get(index)); count++) {
            after[index] = count;
            fewest = Math.min(fewest, fewestMoves(before, limits, after, index + 1, left - count));
        }
        return fewest;
    }

    private static boolean isEven(int[] counts, List<Integer> limits) {
        int most = IntStream.of(counts).max().orElse(0);
        return IntStream.range(0, counts.length).allMatch(i -> counts[i] == limits.get(i) || counts[i] >= most - 1);
    }

    @Property(tries = 200)
    void lostNode_movesOnlyItsOwnUnits(
            @ForAll @Size(min = 2, max = 6) List<@IntRange(min = 1, max = 4) Integer> slots,
            @ForAll @IntRange(min = 1, max = 6) int lost) {
        PlanRounds cluster = settled(slots);
        int node = Math.min(lost, slots.size());
        View before = cluster.view();

        List<Change> planned = cluster.lose(node).round();

        for (Change change : planned) {
            Incarnation former = switch (change) {
                case Change.SlotChanged slot ->
                    Objects.requireNonNull(before.slot(slot.slot())).owner();
                case Change.HomeChosen home ->
                    Objects.requireNonNull(before.service(home.slot().service()))
                            .home(home.slot().number());
                case Change other -> throw new AssertionError("the planner makes no " + other);
            };
            assertThat(former.node().value()).as("%s", change).isEqualTo(node);
        }
    }

    private static PlanRounds settled(List<Integer> slots) {
        PlanRounds cluster = new PlanRounds(DRAINS_MAX, AUTH, GATE, ROLE);
        for (int i = 0; i < slots.size(); i++) {
            cluster.join(i + 1, offer("auth", 1), offer("gate", slots.get(i)), offer("role", slots.get(i)));
        }
        return cluster.settle();
    }

    @Property(tries = 100)
    void sameViewAndCandidates_giveTheSamePlan_inWhateverOrderTheyAreNamed(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 4) Integer> slots, @ForAll Random random) {
        PlanRounds cluster = settled(slots.subList(0, slots.size() / 2 + 1)).lose(1);
        for (int i = slots.size() / 2 + 1; i < slots.size(); i++) {
            cluster.load(i + 1, random.nextInt(3)).join(i + 1, offer("gate", slots.get(i)), offer("role", 2));
        }
        cluster.round();
        List<Candidate> candidates = cluster.candidates(cluster.view());
        List<Candidate> shuffled = new ArrayList<>(candidates);
        Collections.shuffle(shuffled, random);

        assertThat(new Planner(cluster.view(), shuffled, 3, new TreeSet<>()).changes())
                .isEqualTo(new Planner(cluster.view(), candidates, 3, new TreeSet<>()).changes());
    }

    @Property(tries = 300)
    @Tag("S2.17")
    void joinerThatWouldGain_getsSomething_andOneThatWouldNot_getsNothing(
            @ForAll @Size(max = 5) List<@IntRange(min = 1, max = 4) Integer> slots,
            @ForAll @IntRange(min = 1, max = 4) int offered,
            @ForAll @IntRange(min = 0, max = 3) int emptied,
            @ForAll boolean gate) {
        PlanRounds cluster = settled(slots);
        if (emptied > 0 && emptied <= slots.size()) {
            cluster.markDraining(emptied).settle();
        }
        Offer[] offers = {offer(gate ? "gate" : "auth", offered), offer("role", offered)};
        Candidate joiner = new Candidate(new Incarnation(new NodeId(9), 1), List.of(offers), 0);
        boolean gains = Planner.wouldGain(cluster.view(), cluster.candidates(cluster.view()), joiner);

        cluster.join(9, offers).settle();

        boolean owns = cluster.owners().values().stream().anyMatch(owners -> owners.contains(9));
        assertThat(gains).isEqualTo(owns);
    }
}
