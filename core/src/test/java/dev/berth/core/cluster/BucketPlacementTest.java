package dev.berth.core.cluster;

import static dev.berth.core.cluster.PlanRounds.offer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

// A service of 4 slots and 8 buckets, two in each slot: buckets 1 and 2 in slot 1, and so on. Nodes come and go, and
// the buckets are to be found at the homes of their slots.

/** What the planner decides for bucketed services. */
class BucketPlacementTest {
    private static final ServicePlan ROLE = ServicePlan.bucketed("role", 4, 8);
    private static final Offer FOUR = offer("role", 4);

    private static List<Integer> homes(PlanRounds cluster) {
        Service service = Objects.requireNonNull(cluster.view().service("role"));
        return IntStream.rangeClosed(1, service.plan().capacity())
                .mapToObj(slot -> service.home(slot).node().value())
                .toList();
    }

    private static List<Change> slotChanges(List<Change> changes) {
        return changes.stream()
                .filter(change -> change instanceof Change.SlotChanged)
                .toList();
    }

    @Test
    void coldStart_offersBucketsToTheHomesOfTheirSlots() {
        PlanRounds cluster = new PlanRounds(1, ROLE).join(1, FOUR).join(2, FOUR).settle();

        assertThat(homes(cluster)).containsExactly(1, 2, 1, 2);
        assertThat(cluster.owners("role")).containsExactly(1, 1, 2, 2, 1, 1, 2, 2);
        assertThat(cluster.drainsBegun()).isZero();
    }

    @Test
    void offer_countsSlots_notBuckets() {
        PlanRounds cluster = new PlanRounds(1, ROLE)
                .join(1, offer("role", 1))
                .join(2, offer("role", 2))
                .settle();

        assertThat(homes(cluster)).containsExactly(1, 2, 2, 0);
        assertThat(cluster.owners("role")).containsExactly(1, 1, 2, 2, 2, 2, 0, 0);
        assertThat(Planner.room(cluster.view(), cluster.candidates(cluster.view()), "role"))
                .isZero();
    }

    @Test
    void joiner_becomesHomeAtOnce_andBucketsFollowOneDrainAtATime() {
        PlanRounds cluster = new PlanRounds(1, ROLE).join(1, FOUR).settle();

        List<Change> planned = cluster.join(2, FOUR).round();

        assertThat(homes(cluster)).containsExactly(1, 1, 2, 2);
        assertThat(slotChanges(planned))
                .containsExactly(new Change.SlotChanged(
                        new SlotId("role", 5),
                        new SlotState.Draining(cluster.incarnation(1), 1, cluster.incarnation(2))));
        cluster.finish().settle();
        assertThat(cluster.owners("role")).containsExactly(1, 1, 1, 1, 2, 2, 2, 2);
        assertThat(cluster.drainsBegun()).isEqualTo(4);
    }

    @Test
    void lostHome_isChosenAnew_forItsOwnSlotsOnly() {
        PlanRounds cluster = new PlanRounds(1, ROLE)
                .join(1, FOUR)
                .join(2, FOUR)
                .join(3, FOUR)
                .settle();
        assertThat(homes(cluster)).containsExactly(1, 2, 3, 1);

        List<Change> planned = cluster.lose(2).round();

        assertThat(homes(cluster)).containsExactly(1, 3, 3, 1);
        SlotState offered =
                new SlotState.Offered(cluster.incarnation(3), cluster.view().number(), 0);
        assertThat(slotChanges(planned))
                .containsExactly(
                        new Change.SlotChanged(new SlotId("role", 3), offered),
                        new Change.SlotChanged(new SlotId("role", 4), offered));
    }

    @Test
    void silentHome_keepsItsSlots() {
        PlanRounds cluster = new PlanRounds(1, ROLE).join(1, FOUR).join(2, FOUR).settle();

        assertThat(cluster.silence(2).round()).isEmpty();
    }

    @Test
    void quietHome_getsNothing_untilItIsHeard() {
        PlanRounds cluster = new PlanRounds(2, ROLE).join(1, FOUR).settle();

        cluster.join(2, FOUR).quiet(2);
        assertThat(slotChanges(cluster.round())).isEmpty();
        assertThat(homes(cluster)).containsExactly(1, 1, 2, 2);

        assertThat(slotChanges(cluster.hear(2).round())).hasSize(2);
    }

    @Test
    void drainingMember_isEmptied() {
        PlanRounds cluster = new PlanRounds(2, ROLE).join(1, FOUR).join(2, FOUR).settle();

        cluster.markDraining(1).settle();

        assertThat(homes(cluster)).containsExactly(2, 2, 2, 2);
        assertThat(cluster.owners("role")).containsOnly(2);
        assertThat(cluster.drainsBegun()).isEqualTo(4);
    }

    @Test
    void drainingMember_withoutRoomElsewhere_keepsWhatItHas() {
        PlanRounds cluster = new PlanRounds(2, ROLE).join(1, FOUR).settle();

        cluster.markDraining(1);

        assertThat(cluster.round()).isEmpty();
        assertThat(homes(cluster)).containsExactly(1, 1, 1, 1);
        assertThat(Planner.wouldGain(
                        cluster.view(),
                        cluster.candidates(cluster.view()),
                        new Candidate(new Incarnation(new NodeId(2), 9), List.of(FOUR), 0)))
                .isTrue();
    }

    @Test
    void resized_movesOnlyTheBucketsOfTheNewSlot() {
        PlanRounds cluster = new PlanRounds(2, ServicePlan.bucketed("role", 3, 12))
                .join(1, FOUR)
                .join(2, FOUR)
                .join(3, FOUR)
                .settle();
        List<Integer> before = cluster.owners("role");

        Buckets.resize(Objects.requireNonNull(cluster.view().service("role")), 4)
                .forEach(cluster::change);
        cluster.join(4, FOUR).settle();

        assertThat(homes(cluster)).containsExactly(1, 2, 3, 4);
        List<Integer> after = cluster.owners("role");
        assertThat(after).containsExactly(1, 1, 1, 4, 2, 2, 2, 4, 3, 3, 3, 4);
        assertThat(IntStream.range(0, 12).filter(i -> !before.get(i).equals(after.get(i))))
                .hasSize(3);
    }

    @Test
    void bucketThatIsPreparedByThisView_isDrainedByTheNext() {
        PlanRounds cluster = new PlanRounds(1, ROLE).join(1, FOUR);
        cluster.round();

        assertThat(slotChanges(cluster.finish().join(2, FOUR).round())).isEmpty();
        assertThat(slotChanges(cluster.round())).hasSize(1);
    }

    @Test
    void drainWhoseOwnerIsLost_continuesAtTheHome() {
        PlanRounds cluster = new PlanRounds(1, ROLE).join(1, FOUR).settle();
        cluster.join(2, FOUR).round();

        List<Change> planned = cluster.lose(1).round();

        assertThat(slotChanges(planned)).hasSize(8);
        assertThat(cluster.settle().owners("role")).containsOnly(2);
    }
}
