package dev.berth.core.cluster;

import static dev.berth.core.cluster.Quay.MS;
import static dev.berth.core.cluster.Quay.S;
import static dev.berth.core.cluster.Quay.life;
import static dev.berth.core.cluster.Quay.member;
import static dev.berth.core.cluster.Quay.slot;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// Members come to a small cluster in all the ways in which they are admitted, parked or refused. Read are the answers
// they get and what they are given.
class JoinTest {
    private static final Offer ONE = new Offer("role", 1, false);
    private static final Offer STANDBY = new Offer("role", 1, true);

    private static ServicePlan role(int capacity) {
        return new ServicePlan("role", capacity, 0, false);
    }

    private static Grant grantOf(Quay quay, int slot) {
        return new Grant(slot(slot), quay.state(slot).epoch());
    }

    private static List<Refusal> refusals(Quay quay, Moored<MemberEvent, MemberAction> node) {
        return quay.sent(ClusterMessage.Refused.class, node).stream()
                .map(ClusterMessage.Refused::reason)
                .toList();
    }

    @Test
    @Tag("S2.16")
    @Tag("S2.21")
    @Tag("S2.23")
    void join_isUpThenRun() {
        Quay quay = new Quay(1, role(2));
        quay.elect("m0");
        var first = quay.start("w0", ONE);
        var second = quay.start("w1", ONE);

        quay.await("both serve", 2 * S, () -> quay.serves(first, 1) && quay.serves(second, 2));
        quay.run(S);

        Grant grant = grantOf(quay, 1);
        assertThat(first.actions.stream()
                        .filter(action -> action instanceof MemberAction.Fence
                                || action instanceof MemberAction.Load
                                || action instanceof MemberAction.Serve
                                || action instanceof MemberAction.RunDone))
                .containsExactly(
                        new MemberAction.Fence(grant),
                        new MemberAction.Load(grant, 2),
                        new MemberAction.Serve(grant),
                        new MemberAction.RunDone(grant));
    }

    @Test
    @Tag("S2.12")
    void membersBeforeTheirMaster_joinWhenItComes() {
        Quay quay = new Quay(2, role(1));
        var early = quay.start("w0", ONE);
        quay.run(30 * S);

        quay.elect("m1");

        quay.await("it serves", 5 * S, () -> quay.serves(early, 1));
    }

    @Test
    @Tag("S1.32")
    void coldStart_gathersJoinsIntoOneView() {
        Quay quay = new Quay(1, role(40));
        quay.elect("m0");
        List<Moored<MemberEvent, MemberAction>> nodes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            nodes.add(quay.start("w" + i, ONE));
        }

        quay.await("all slots run", 3 * S, () -> {
            for (int slot = 1; slot <= 40; slot++) {
                if (!(quay.ledger.view.number() > 1 && quay.state(slot) instanceof SlotState.Running)) {
                    return false;
                }
            }
            return true;
        });

        assertThat(nodes.stream().map(node -> life(node).number()).distinct()).hasSize(1);
        assertThat(quay.ledger.view.number()).isLessThanOrEqualTo(5);
    }

    @Test
    @Tag("S2.17")
    @Tag("S2.18")
    void fifthOfFive_isAdmitted_sixthIsRefusedAndExits() {
        Quay quay = new Quay(1, role(5));
        quay.elect("m0");
        for (int i = 0; i < 4; i++) {
            quay.start("w" + i, ONE);
        }
        quay.run(3 * S);

        var fifth = quay.start("w4", ONE);
        quay.await("the vacancy is filled", 3 * S, () -> quay.serves(fifth, 5));
        var sixth = quay.start("w5", ONE);
        quay.run(3 * S);

        assertThat(refusals(quay, sixth)).containsExactly(Refusal.NO_VACANCY);
        assertThat(member(sixth).isOver()).isTrue();
        assertThat(sixth.all(MemberAction.Exit.class)).hasSize(1);
        assertThat(quay.ledger.now().memberCount()).isEqualTo(5);
    }

    @Test
    @Tag("S2.17")
    @Tag("S2.20")
    void standby_isParkedThenAdmittedWhenAnOwnerDies() {
        Quay quay = new Quay(1, role(2));
        quay.elect("m0");
        var owner = quay.start("w0", ONE);
        quay.start("w1", ONE);
        quay.run(3 * S);
        var standby = quay.start("w2", STANDBY);
        quay.run(5 * S);
        assertThat(quay.sent(ClusterMessage.Parked.class, standby)).isNotEmpty();
        assertThat(life(standby)).isEqualTo(Incarnation.NONE);

        owner.kill();

        quay.await("the standby serves", 12 * S, () -> quay.serves(standby, 1));
        assertThat(quay.ledger.now().lists(life(owner))).isFalse();
    }

    @Test
    void parkedJoin_isAnsweredOncePerAsk() {
        Quay quay = new Quay(1, role(1));
        quay.elect("m0");
        quay.start("w0", ONE);
        quay.run(3 * S);
        List<Moored<MemberEvent, MemberAction>> standbys = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            standbys.add(quay.start("w" + i, STANDBY));
        }

        quay.run(10 * S);

        for (var standby : standbys) {
            assertThat(quay.sent(ClusterMessage.Parked.class, standby))
                    .hasSizeLessThanOrEqualTo(
                            quay.sent(ClusterMessage.Join.class, standby).size());
        }
    }

    @Test
    @Tag("S2.19")
    @Tag("D12")
    void joinWhileTheOwnerIsSuspected_isParkedThenReplacesIt() {
        Quay quay = new Quay(1, role(1));
        quay.elect("m0");
        var owner = quay.start("w0", ONE);
        quay.run(3 * S);
        owner.kill();
        quay.run(4 * S);

        var joiner = quay.start("w1", ONE);
        quay.run(S);
        assertThat(quay.sent(ClusterMessage.Parked.class, joiner)).isNotEmpty();
        assertThat(quay.ledger.now().lists(life(owner)))
                .as("nobody else hears of the suspicion")
                .isTrue();

        quay.await("the joiner serves", 8 * S, () -> quay.serves(joiner, 1));
        assertThat(refusals(quay, joiner)).isEmpty();
    }

    @Test
    @Tag("S2.19")
    void silentOwnerWithoutReplacement_staysListed_andGoesOnWhenItIsBack() {
        Quay quay = new Quay(1, role(2));
        quay.elect("m0");
        var lonely = quay.start("w0", ONE);
        quay.start("w1", ONE);
        quay.run(3 * S);
        Incarnation before = life(lonely);

        lonely.pause();
        quay.run(30 * S);
        assertThat(quay.ledger.now().lists(before)).isTrue();
        lonely.resume(quay.now);

        quay.await("it serves again, in place", 2 * S, () -> quay.serves(lonely, 1));
        assertThat(life(lonely)).isEqualTo(before);
        assertThat(lonely.all(MemberAction.Load.class)).hasSize(1);
        assertThat(lonely.all(MemberAction.Suspend.class)).hasSize(1);
        assertThat(lonely.all(MemberAction.Resume.class)).hasSize(2);
    }

    @Test
    @Tag("S1.24")
    @Tag("D11")
    void ownerThatMissesTwoBeats_isNotReplaced() {
        Quay quay = new Quay(1, role(1));
        quay.elect("m0");
        var owner = quay.start("w0", ONE);
        quay.run(3 * S);
        quay.start("w1", STANDBY);

        var gap = quay.lose(ClusterMessage.Beat.class, _ -> true);
        quay.run(2_500 * MS);
        quay.lost.remove(gap);
        quay.run(15 * S);

        assertThat(quay.serves(owner, 1)).isTrue();
        assertThat(owner.all(MemberAction.Suspend.class)).isEmpty();
    }

    @Test
    @Tag("S2.13")
    @Tag("D7")
    void restartUnderTheSameName_waitsForTheOldLifeThenGetsItsSlot() {
        Quay quay = new Quay(1, role(1));
        quay.elect("m0");
        var old = quay.start("w0", 9, ONE);
        quay.run(3 * S);
        old.kill();

        var again = quay.start("w0", 9, ONE);
        quay.run(2 * S);
        assertThat(life(again)).as("before suspicion").isEqualTo(Incarnation.NONE);

        quay.await("the new life serves", 10 * S, () -> quay.serves(again, 1));
        assertThat(life(again).node()).isEqualTo(life(old).node());
        assertThat(life(again).number()).isGreaterThan(life(old).number());
        assertThat(refusals(quay, again)).isEmpty();
    }

    @Test
    @Tag("S2.13")
    void secondProcessOfAName_isRefusedOnceTheFirstHasShownThatItLives() {
        Quay quay = new Quay(1, role(2));
        quay.elect("m0");
        var first = quay.start("w0", ONE);
        quay.run(3 * S);

        var second = quay.start("w0", ONE);
        quay.run(5 * S);

        assertThat(refusals(quay, second)).containsExactly(Refusal.NAME_TAKEN);
        assertThat(quay.serves(first, 1)).isTrue();
    }

    @Test
    void masterThatWasPaused_doesNotTakeItsPauseForASignOfLife() {
        Quay quay = new Quay(1, role(1));
        var master = quay.elect("m0");
        var old = quay.start("w0", ONE);
        quay.run(3 * S);
        old.kill();
        var again = quay.start("w0", ONE);
        quay.run(500 * MS);

        master.pause();
        quay.run(5 * S);
        master.resume(quay.now);

        quay.await("the new life serves", 20 * S, () -> quay.serves(again, 1));
    }

    @Test
    @Tag("S4.4")
    void nodeIdOfALivingMember_isRefused() {
        Quay quay = new Quay(1, role(2));
        quay.elect("m0");
        quay.start("w0", 9, ONE);
        quay.run(3 * S);

        var clash = quay.start("w1", 9, ONE);
        quay.run(5 * S);

        assertThat(refusals(quay, clash)).containsExactly(Refusal.ID_TAKEN);
    }

    @Test
    @Tag("S4.4")
    void twoJoinsWithOneNodeId_inOneView_oneIsListed() {
        Quay quay = new Quay(1, role(2));
        quay.elect("m0");
        var first = quay.start("w0", 9, ONE);
        var second = quay.start("w1", 9, ONE);

        quay.run(10 * S);

        assertThat(quay.serves(first, 1)).isTrue();
        assertThat(refusals(quay, second)).containsExactly(Refusal.ID_TAKEN);
    }

    @Test
    void joinWhoseAdmissionGotLost_isAdmittedOnce() {
        Quay quay = new Quay(1, role(1));
        quay.elect("m0");
        var lossy = quay.lose(ClusterMessage.Admit.class, _ -> true);
        var node = quay.start("w0", ONE);
        quay.run(2 * S);
        quay.lost.remove(lossy);

        quay.await("it serves", 3 * S, () -> quay.serves(node, 1));

        assertThat(quay.sent(ClusterMessage.Admit.class, node).stream()
                        .map(ClusterMessage.Admit::incarnation)
                        .distinct())
                .containsExactly(life(node));
        assertThat(quay.ledger.now().memberCount()).isEqualTo(1);
    }

    @Test
    @Tag("D9")
    void fullService_doesNotStandInTheWayOfAnother() {
        Quay quay = new Quay(1, role(1), new ServicePlan("gate", 2, 0, false));
        quay.elect("m0");
        quay.start("w0", ONE);
        quay.run(3 * S);

        var role = quay.start("w1", ONE);
        var gate = quay.start("w2", new Offer("gate", 1, false));
        var unplanned = quay.start("w3", new Offer("auth", 1, false));
        quay.run(3 * S);

        assertThat(refusals(quay, role)).containsExactly(Refusal.NO_VACANCY);
        assertThat(refusals(quay, unplanned)).containsExactly(Refusal.UNKNOWN_SERVICE);
        assertThat(quay.ledger.now().lists(life(gate))).isTrue();
        assertThat(quay.mayAct(gate)).isTrue();
    }

    @Test
    @Tag("S4.5")
    @Tag("S1.20")
    void everybodyKnows_whoIsThereAndWhere() {
        Quay quay = new Quay(1, role(2));
        quay.elect("m0");
        var one = quay.start("w0", ONE);
        var two = quay.start("w1", ONE);
        quay.run(3 * S);

        for (var knower : List.of(one, two)) {
            View view = Objects.requireNonNull(member(knower).view());
            for (var known : List.of(one, two)) {
                Listing listing = Objects.requireNonNull(view.member(life(known).node()));
                assertThat(listing.name()).isEqualTo(known.name);
                assertThat(listing.addresses()).containsExactly(known == one ? "10.0.0.0:7000" : "10.0.0.1:7000");
            }
        }
    }

    @Test
    void moreJoinsThanCanWait_areToldSo_untilThoseWhoGaveUpAreForgotten() {
        Quay quay = new Quay(1, role(1));
        quay.elect("m0");
        quay.start("w0", ONE);
        quay.run(3 * S);
        var crowd = quay.start("crowd", STANDBY);
        quay.lose(ClusterMessage.Parked.class, _ -> true);
        for (int i = 1; i < MasterConfig.JOINS_MAX; i++) {
            quay.say(crowd, "m0", join(i));
            quay.run(i % 1_000 == 0 ? MS : 0);
        }
        quay.run(MS);
        quay.say(crowd, "m0", join(MasterConfig.JOINS_MAX));
        quay.run(2 * MS);
        assertThat(quay.sent(ClusterMessage.Parked.class, crowd))
                .singleElement()
                .satisfies(parked -> assertThat(parked.cause()).contains("busy"));

        quay.run(10 * S);
        quay.say(crowd, "m0", join(MasterConfig.JOINS_MAX + 1));
        quay.run(S);
        assertThat(quay.sent(ClusterMessage.Parked.class, crowd))
                .last()
                .satisfies(parked -> assertThat(parked.cause()).contains("standing by"));
    }

    private static ClusterMessage.Join join(int number) {
        return new ClusterMessage.Join(
                "x" + number, new Nonce(3, number), 0, List.of(STANDBY), List.of(), "", Incarnation.NONE);
    }
}
