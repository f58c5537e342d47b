package dev.berth.core.cluster;

import static dev.berth.core.cluster.PlanRounds.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// Each test plays a few views of a small cluster and looks at who owns what, or at the changes themselves where their
// order or their epochs matter. What must hold for every cluster is in PlannerPropertyTest.

/** What the planner decides for plain services. */
class PlannerTest {
    private static final Offer ONE = offer("role", 1);
    private static final Offer FOUR = offer("role", 4);

    private static ServicePlan role(int capacity) {
        return ServicePlan.plain("role", capacity);
    }

    private static SlotId slot(int number) {
        return new SlotId("role", number);
    }

    private static Change.SlotChanged change(int number, SlotState state) {
        return new Change.SlotChanged(slot(number), state);
    }

    @Test
    void freeSlots_areOfferedUnderTheNumberOfTheView() {
        PlanRounds cluster = new PlanRounds(1, role(2)).join(1, ONE).join(2, ONE);

        List<Change> planned = cluster.round();

        assertThat(planned)
                .containsExactly(
                        change(1, new SlotState.Offered(cluster.incarnation(1), 1, 0)),
                        change(2, new SlotState.Offered(cluster.incarnation(2), 1, 0)));
    }

    @Test
    @Tag("S2.17")
    @Tag("S2.18")
    void fiveNeededFourHealthy_isOneVacancyForOneJoiner() {
        PlanRounds cluster = new PlanRounds(1, role(5));
        for (int node = 1; node <= 4; node++) {
            cluster.join(node, ONE);
        }
        cluster.settle();
        Vacancies vacancies = new Vacancies(cluster.view(), cluster.candidates(cluster.view()));
        Candidate fifth = joiner(5, ONE);
        Candidate sixth = joiner(6, ONE);

        assertThat(vacancies.wouldGain(fifth)).isTrue();
        vacancies.admit(fifth);
        assertThat(vacancies.wouldGain(sixth)).isFalse();

        cluster.join(5, ONE).settle();
        assertThat(cluster.owners("role")).containsExactly(1, 2, 3, 4, 5);
        assertThat(Planner.wouldGain(cluster.view(), cluster.candidates(cluster.view()), sixth))
                .isFalse();
    }

    @Test
    @Tag("S2.17")
    void standby_getsNothingUntilSomebodyIsLost() {
        PlanRounds cluster = new PlanRounds(1, role(2))
                .join(1, ONE)
                .join(2, ONE)
                .join(3, ONE)
                .settle();
        assertThat(cluster.owners("role")).containsExactly(1, 2);

        cluster.lose(1).settle();

        assertThat(cluster.owners("role")).containsExactly(3, 2);
    }

    @Test
    @Tag("D9")
    void vacancyNobodyFills_doesNotKeepAnotherServiceFromItsJoiner() {
        PlanRounds cluster = new PlanRounds(1, ServicePlan.plain("auth", 1), role(2))
                .join(1, ONE)
                .settle();
        Candidate joiner = joiner(2, ONE);

        assertThat(Planner.wouldGain(cluster.view(), cluster.candidates(cluster.view()), joiner))
                .isTrue();
        cluster.join(2, ONE).settle();

        assertThat(cluster.owners("auth")).containsExactly(0);
        assertThat(cluster.owners("role")).containsExactly(1, 2);
        assertThat(Planner.wouldGain(cluster.view(), cluster.candidates(cluster.view()), joiner(3, ONE)))
                .as("the vacancy in auth is no reason to admit a third role")
                .isFalse();
    }

    @Test
    @Tag("S1.20")
    @Tag("S1.21")
    void equallyFilledCandidates_areToldApartByLoad() {
        PlanRounds cluster = new PlanRounds(1, role(1))
                .load(1, 700)
                .load(2, 300)
                .load(3, 500)
                .join(1, ONE)
                .join(2, ONE)
                .join(3, ONE)
                .settle();

        assertThat(cluster.owners("role")).containsExactly(2);
    }

    @Test
    @Tag("S1.20")
    void silentOrDrainingMember_isNotUsable() {
        PlanRounds cluster = new PlanRounds(1, role(1)).join(1, ONE).join(2, ONE);
        cluster.silence(1).settle();
        assertThat(cluster.owners("role")).containsExactly(2);

        cluster.join(3, ONE).settle();
        cluster.markDraining(2).settle();

        assertThat(cluster.owners("role")).containsExactly(3);
    }

    @Test
    void severalServices_areSpreadOverEquallyLoadedNodes() {
        Offer[] all = {offer("auth", 1), offer("gate", 1), offer("role", 1)};
        PlanRounds cluster = new PlanRounds(
                1, ServicePlan.plain("auth", 1), ServicePlan.plain("gate", 1), ServicePlan.plain("role", 1));

        cluster.join(1, all).join(2, all).join(3, all).settle();

        assertThat(cluster.owners().toString()).isEqualTo("{auth=[1], gate=[2], role=[3]}");
    }

    @Test
    void lostOwner_movesOnlyItsOwnSlots() {
        PlanRounds cluster = new PlanRounds(1, role(6))
                .join(1, FOUR)
                .join(2, FOUR)
                .join(3, FOUR)
                .settle();
        assertThat(cluster.owners("role")).containsExactly(1, 2, 3, 1, 2, 3);

        cluster.lose(2);
        List<Change> planned = cluster.round();

        long epoch = cluster.view().number();
        assertThat(planned)
                .containsExactly(
                        change(2, new SlotState.Offered(cluster.incarnation(1), epoch, 0)),
                        change(5, new SlotState.Offered(cluster.incarnation(3), epoch, 0)));
    }

    @Test
    void lostOwner_withoutRoomElsewhere_leavesItsSlotFree() {
        PlanRounds cluster =
                new PlanRounds(1, role(2)).join(1, ONE).join(2, ONE).settle();

        assertThat(cluster.lose(2).round()).containsExactly(change(2, SlotState.Free.CLEAN));
        assertThat(cluster.round()).isEmpty();
    }

    @Test
    @Tag("S2.5")
    void joiner_takesItsShare_andNoMore() {
        PlanRounds cluster =
                new PlanRounds(2, role(6)).join(1, offer("role", 6)).settle();

        cluster.join(2, FOUR).settle();

        assertThat(cluster.owners("role")).containsExactly(1, 1, 1, 2, 2, 2);
        assertThat(cluster.drainsBegun()).isEqualTo(3);
    }

    @Test
    void withoutRebalance_joinerTakesOnlyWhatIsFree() {
        ServicePlan fixed = new ServicePlan("role", 4, 0, false);
        PlanRounds cluster = new PlanRounds(2, fixed).join(1, FOUR).settle();

        assertThat(Planner.wouldGain(cluster.view(), cluster.candidates(cluster.view()), joiner(2, FOUR)))
                .isFalse();
        cluster.join(2, FOUR).settle();

        assertThat(cluster.owners("role")).containsExactly(1, 1, 1, 1);
    }

    @Test
    void drains_areFewAtATime() {
        PlanRounds cluster =
                new PlanRounds(2, role(8)).join(1, offer("role", 8)).settle();

        cluster.join(2, offer("role", 8));

        assertThat(cluster.round()).hasSize(2);
        assertThat(cluster.round()).as("both are still going on").isEmpty();
    }

    @Test
    void nothingIsDrained_towardsAQuietMember_untilItIsHeard() {
        PlanRounds cluster =
                new PlanRounds(2, role(6)).join(1, FOUR).join(2, FOUR).settle();

        // To even things out it would be the third's turn; nobody else gets more in its place.
        cluster.join(3, FOUR).quiet(3);
        assertThat(cluster.round()).isEmpty();
        // What has to go somewhere goes to the second, which has more already.
        cluster.markDraining(1);
        Incarnation source = cluster.incarnation(1);
        assertThat(cluster.round())
                .containsExactly(change(1, new SlotState.Draining(source, 1, cluster.incarnation(2))));

        cluster.hear(3);
        assertThat(cluster.round())
                .containsExactly(change(3, new SlotState.Draining(source, 1, cluster.incarnation(3))));
        cluster.finish().settle();
        assertThat(cluster.counts("role").toString()).isEqualTo("{1=0, 2=3, 3=3}");
    }

    @Test
    void freeSlot_goesToAQuietMember_onlyIfNobodyElseHasRoom() {
        PlanRounds cluster = new PlanRounds(2, role(2)).join(1, FOUR).join(2, offer("role", 1));
        cluster.quiet(1);

        cluster.settle();

        assertThat(cluster.owners("role")).containsExactly(2, 1);
    }

    @Test
    void drainingMember_isEmptied_beforeAnythingIsBalanced() {
        PlanRounds cluster =
                new PlanRounds(2, role(6)).join(1, FOUR).join(2, FOUR).settle();

        cluster.markDraining(1).join(3, FOUR);
        List<Change> planned = cluster.round();

        Incarnation source = cluster.incarnation(1);
        Incarnation target = cluster.incarnation(3);
        assertThat(planned)
                .containsExactly(
                        change(1, new SlotState.Draining(source, 1, target)),
                        change(3, new SlotState.Draining(source, 1, target)));
        cluster.finish().settle();
        assertThat(cluster.counts("role").toString()).isEqualTo("{1=0, 2=3, 3=3}");
    }

    @Test
    void drainWhoseTargetIsLost_isAbandonedUnderANewEpoch_rule21() {
        PlanRounds cluster = new PlanRounds(1, role(2)).join(1, FOUR).settle();
        cluster.join(2, FOUR).round();
        assertThat(cluster.state("role", 2)).isInstanceOf(SlotState.Draining.class);

        List<Change> planned = cluster.lose(2).round();

        assertThat(planned)
                .containsExactly(change(
                        2,
                        new SlotState.Running(
                                cluster.incarnation(1), cluster.view().number())));
    }

    @Test
    void drainWhoseOwnerIsLost_goesToItsTarget_whichHasPreloaded() {
        PlanRounds cluster = new PlanRounds(1, role(2)).join(1, FOUR).settle();
        cluster.join(2, FOUR).round();
        cluster.join(3, FOUR).lose(1);

        List<Change> planned = cluster.round();

        long epoch = cluster.view().number();
        assertThat(planned)
                .containsExactly(
                        change(1, new SlotState.Offered(cluster.incarnation(3), epoch, 0)),
                        change(2, new SlotState.Offered(cluster.incarnation(2), epoch, 0)));
    }

    @Test
    void slotThatWasGivenUp_isTriedByAnother_andParkedAfterThree() {
        PlanRounds cluster =
                new PlanRounds(1, role(1)).join(1, ONE).join(2, ONE).join(3, ONE);
        cluster.round();
        assertThat(cluster.owner("role", 1)).isEqualTo(1);

        cluster.set(slot(1), new SlotState.Free(1));
        cluster.round();
        assertThat(cluster.state("role", 1))
                .isEqualTo(new SlotState.Offered(
                        cluster.incarnation(2), cluster.view().number(), 1));

        cluster.set(slot(1), new SlotState.Free(2));
        cluster.round();
        assertThat(cluster.owner("role", 1)).isEqualTo(3);

        cluster.set(slot(1), new SlotState.Free(3));
        assertThat(cluster.round()).containsExactly(change(1, new SlotState.Parked("given up by 3 owners", 0)));
        assertThat(cluster.round()).as("parked until somebody retries it").isEmpty();
        assertThat(Planner.wouldGain(cluster.view(), cluster.candidates(cluster.view()), joiner(4, ONE)))
                .isFalse();
    }

    @Test
    void slotThatIsStillOffered_isNotMovedYet_andNothingElseIsMovedInItsPlace() {
        PlanRounds cluster = new PlanRounds(4, role(4)).join(1, FOUR);
        cluster.round();

        assertThat(cluster.join(2, FOUR).round()).isEmpty();
        cluster.finish().settle();

        assertThat(cluster.drainsBegun()).isEqualTo(2);
        assertThat(cluster.counts("role").toString()).isEqualTo("{1=2, 2=2}");
    }

    @Test
    void memberThatIsStillHandingOver_holdsNoMoreThanItOffers() {
        PlanRounds cluster =
                new PlanRounds(9, role(10)).join(3, offer("role", 8)).settle();
        cluster.silence(3).join(1, offer("role", 3)).settle();
        cluster.join(2, ONE);
        assertThat(cluster.round()).as("node 1 gives one of its two to node 2").hasSize(1);

        List<Change> planned = cluster.hear(3).round();

        assertThat(planned)
                .as("two of node 3's eight are for node 1, the second when its hands are free")
                .singleElement()
                .extracting(change -> ((SlotState.Draining) ((Change.SlotChanged) change).state()).target())
                .isEqualTo(cluster.incarnation(1));
        cluster.finish().settle();
        assertThat(cluster.counts("role").toString()).isEqualTo("{1=3, 2=1, 3=6}");
    }

    @Test
    void memberThatIsToBeEmpty_andHasNowhereToGiveItsSlots_isAReasonToAdmit() {
        PlanRounds cluster = new PlanRounds(1, role(1)).join(1, ONE).settle();
        cluster.markDraining(1).settle();

        assertThat(cluster.owners("role")).containsExactly(1);
        assertThat(Planner.wouldGain(cluster.view(), cluster.candidates(cluster.view()), joiner(2, ONE)))
                .isTrue();
    }

    @Test
    void slotThatIsPreparedByThisView_isDrainedByTheNext() {
        PlanRounds cluster = new PlanRounds(1, role(2)).join(1, FOUR);
        cluster.round();

        assertThat(cluster.finish().markDraining(1).join(2, FOUR).round())
                .as("nobody has seen it run yet")
                .isEmpty();
        assertThat(cluster.round()).hasSize(1);
    }

    @Test
    void room_isWhatTheOffersLeave() {
        PlanRounds cluster =
                new PlanRounds(1, role(3)).join(1, FOUR).join(2, FOUR).settle();

        assertThat(Planner.room(cluster.view(), cluster.candidates(cluster.view()), "role"))
                .isEqualTo(5);
        assertThat(Planner.room(cluster.view(), cluster.candidates(cluster.view()), "gate"))
                .isZero();
    }

    @Test
    void candidateThatTheViewDoesNotList_isABug() {
        View view = new PlanRounds(1, role(1)).view();

        assertThatThrownBy(() -> new Planner(view, List.of(joiner(1, ONE)), 1, new TreeSet<>()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("n1.9");
    }

    @Test
    void candidateThatIsToBeEmpty_isABug() {
        PlanRounds cluster = new PlanRounds(1, role(1)).join(1, ONE).settle();
        List<Candidate> stale = cluster.candidates(cluster.view());
        cluster.markDraining(1).round();

        assertThatThrownBy(() -> new Planner(cluster.view(), stale, 1, new TreeSet<>()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Candidate joiner(int node, Offer... offers) {
        return new Candidate(new Incarnation(new NodeId(node), 9), List.of(offers), 0);
    }
}
