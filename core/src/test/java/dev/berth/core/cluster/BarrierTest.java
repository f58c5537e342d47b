package dev.berth.core.cluster;

import static dev.berth.core.cluster.Quay.MS;
import static dev.berth.core.cluster.Quay.S;
import static dev.berth.core.cluster.Quay.life;
import static dev.berth.core.cluster.Quay.member;
import static dev.berth.core.cluster.Quay.slot;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// A gate that owns nothing, an owner, and a standby that is to replace it. Views, acknowledgements and the words of the
// standby get lost or late; read is when it is up, and when it runs.
class BarrierTest {
    private static final Offer ONE = new Offer("role", 1, false);
    private static final Offer STANDBY = new Offer("role", 1, true);

    private final Quay quay = new Quay(1, new ServicePlan("role", 1, 0, false));
    private final Moored<MasterEvent, MasterAction> master = quay.elect("m0");
    private final Moored<MemberEvent, MemberAction> gate = quay.start("gate");
    private final Moored<MemberEvent, MemberAction> owner = quay.start("w0", ONE);
    private Moored<MemberEvent, MemberAction> standby = owner;

    @BeforeEach
    void ownerServes() {
        quay.run(5 * S);
        standby = quay.start("w1", STANDBY);
        quay.run(2 * S);
        assertThat(quay.serves(owner, 1) && quay.mayAct(gate)).isTrue();
    }

    private boolean isUp() {
        return !standby.all(MemberAction.Load.class).isEmpty();
    }

    private void ownerDiesAndIsExpelled() {
        owner.kill();
        quay.await("it is expelled", 12 * S, () -> !quay.ledger.now().lists(life(owner)));
    }

    private void certifyTheOwnersDeath() {
        owner.kill();
        quay.say(
                standby,
                "m0",
                new ClusterMessage.Dead(
                        new Certificate("w0", life(owner), "launcher of w0", Certificate.Proof.WAITED)));
    }

    @Test
    @Tag("S2.20")
    @Tag("S2.27")
    void rule8_barrierWaitsForEverybodyWhoMayAct() {
        var late =
                quay.lose(ClusterMessage.ViewDeltas.class, letter -> letter.to().equals("gate"));
        quay.lost.add(letter -> letter.to().equals("gate") && letter.message() instanceof ClusterMessage.ViewFull);
        certifyTheOwnersDeath();
        quay.run(900 * MS);
        assertThat(isUp()).isFalse();
        assertThat(quay.mayAct(gate)).isTrue();

        quay.lost.clear();
        assertThat(late).isNotNull();
        quay.await("the gate hears of the view, and the standby is up", 1_200 * MS, this::isUp);
        assertThat(member(gate).view()).isNotNull();
    }

    @Test
    void rule8_barrierDoesNotWaitForTheLapsed_whichComesBackWithoutALease() {
        gate.pause();
        quay.run(7 * S);
        certifyTheOwnersDeath();
        quay.await("the standby is up", S, this::isUp);

        // The quay checks that the gate may not act before it has applied the view (I3).
        gate.resume(quay.now);
        quay.await("the gate acts again", 3 * S, () -> quay.mayAct(gate));
        assertThat(quay.serves(standby, 1)).isTrue();
    }

    @Test
    void rule4_whoWasExcused_getsNoLease_beforeItHasAppliedTheViewOfTheBarrier() {
        quay.withheld = action -> action instanceof MemberAction.Touch;
        var cut = quay.cutOff(gate);
        quay.run(7 * S);
        certifyTheOwnersDeath();
        quay.await("the standby is up", S, this::isUp);
        quay.lose(ClusterMessage.ViewDeltas.class, letter -> letter.to().equals("gate"));
        quay.lose(ClusterMessage.ViewFull.class, letter -> letter.to().equals("gate"));
        quay.lost.remove(cut);

        quay.run(5 * S);
        assertThat(quay.mayAct(gate)).isFalse();

        quay.lost.clear();
        quay.await("the gate acts again", 3 * S, () -> quay.mayAct(gate));
    }

    @Test
    @Tag("S2.29")
    @Tag("D10")
    void rule9_memberThatNeverAppliesItsFirstView_holdsUpNobody() {
        quay.withheld = action -> action instanceof MemberAction.Install;
        var stuck = quay.start("stuck");
        quay.run(200 * MS);
        quay.withheld = _ -> false;
        assertThat(life(stuck)).isNotEqualTo(Incarnation.NONE);
        assertThat(member(stuck).view()).isNull();

        certifyTheOwnersDeath();

        quay.await("the standby serves", 9 * S, () -> quay.serves(standby, 1));
        assertThat(quay.mayAct(stuck)).isFalse();
    }

    private static boolean isFor(Moored<MemberEvent, MemberAction> node, MemberAction action) {
        return node.actions.contains(action);
    }

    @Test
    @Tag("S2.29")
    @Tag("D10")
    void rule9_memberWhoseLoopsHang_losesItsLease_thoughItBeats() {
        // The gate's driver beats on, but its loops never take the view in.
        quay.withheld = action -> action instanceof MemberAction.Install install && isFor(gate, install);
        long before = quay.now;
        certifyTheOwnersDeath();

        quay.await("the standby is up", 9 * S, this::isUp);

        assertThat(quay.now - before).isLessThan(2 * S + quay.timings.stretched(5 * S) + 100 * MS);
        assertThat(quay.mayAct(gate)).isFalse();
        assertThat(quay.ledger.now().lists(life(gate))).isTrue();
        quay.await("it serves", 2 * S, () -> quay.serves(standby, 1));
    }

    @Test
    @Tag("S2.29")
    @Tag("D10")
    void rule9_ownerWhoseLoopsHang_isReplaced_thoughItBeats() {
        quay.withheld = action -> action instanceof MemberAction.Install install && isFor(owner, install);
        quay.start("another");
        quay.run(3 * S);
        assertThat(quay.mayAct(owner)).as("its lease still runs").isTrue();

        quay.await("the standby serves", 15 * S, () -> quay.serves(standby, 1));

        assertThat(member(owner).isOver()).isTrue();
    }

    @Test
    void rule10_preparedBeforeTheBarrierHasClosed_isIgnored() {
        quay.lose(ClusterMessage.ViewDeltas.class, letter -> letter.to().equals("gate"));
        quay.lost.add(letter -> letter.to().equals("gate") && letter.message() instanceof ClusterMessage.ViewFull);
        certifyTheOwnersDeath();
        quay.run(100 * MS);
        long epoch = quay.state(1).epoch();

        quay.say(standby, "m0", new ClusterMessage.Prepared(life(standby), slot(1), epoch));
        quay.run(800 * MS);

        assertThat(quay.state(1)).isInstanceOf(SlotState.Offered.class);
    }

    @Test
    void rule10_preparedOfAnotherLifeOrEpoch_isIgnored() {
        quay.withheld = action -> action instanceof MemberAction.Load;
        certifyTheOwnersDeath();
        quay.await("it is up", 2 * S, this::isUp);
        long epoch = quay.state(1).epoch();
        Incarnation life = life(standby);

        quay.say(standby, "m0", new ClusterMessage.Prepared(life, slot(1), epoch - 1));
        quay.say(
                standby,
                "m0",
                new ClusterMessage.Prepared(new Incarnation(life.node(), life.number() - 1), slot(1), epoch));
        quay.say(standby, "m0", new ClusterMessage.Prepared(life(gate), slot(1), epoch));
        quay.run(S);

        assertThat(quay.state(1)).isInstanceOf(SlotState.Offered.class);
    }

    @Test
    @Tag("D11")
    void rule11_offeredOwnerThatDies_isReplacedUnderANewEpoch() {
        quay.withheld = action -> action instanceof MemberAction.Load;
        ownerDiesAndIsExpelled();
        quay.await("it is up", 2 * S, this::isUp);
        long epoch = quay.state(1).epoch();
        standby.kill();
        quay.withheld = _ -> false;
        var third = quay.start("w2", STANDBY);

        quay.await("the third serves", 15 * S, () -> quay.serves(third, 1));
        assertThat(quay.state(1).epoch()).isGreaterThan(epoch);
    }

    @Test
    @Tag("D11")
    void rule11_falseSuspicionWhileLoading_doesNotAnnounceWhoIsNotReady() {
        quay.withheld = action -> action instanceof MemberAction.Load;
        ownerDiesAndIsExpelled();
        quay.await("it is up", 2 * S, this::isUp);
        var third = quay.start("w2", STANDBY);
        quay.withheld = action -> action instanceof MemberAction.Load && isFor(standby, action);
        standby.pause();
        quay.await(
                "the third is offered it", 15 * S, () -> quay.state(1).owner().equals(life(third)));
        Grant old = standby.all(MemberAction.Load.class).getFirst().grant();

        standby.resume(quay.now);
        standby.tell(quay.now, new MemberEvent.Loaded(old));
        quay.run(3 * S);

        assertThat(member(standby).isOver()).isTrue();
        assertThat(standby.all(MemberAction.Serve.class)).isEmpty();
        assertThat(quay.serves(third, 1)).isTrue();
    }

    @Test
    void leaseLapses_whileLoading_andTheSlotIsLoadedOn() {
        quay.withheld = action -> action instanceof MemberAction.Load;
        ownerDiesAndIsExpelled();
        quay.await("it is up", 2 * S, this::isUp);
        Grant grant = standby.all(MemberAction.Load.class).getFirst().grant();
        standby.pause();
        quay.run(20 * S);
        standby.resume(quay.now);
        standby.tell(quay.now, new MemberEvent.Loaded(grant));

        quay.await("it serves", 4 * S, () -> quay.serves(standby, 1));
        assertThat(quay.state(1).epoch()).isEqualTo(grant.epoch());
    }

    @Test
    void rule18_givenUpThreeTimes_theSlotWaitsForAnOperator() {
        quay.withheld = action -> action instanceof MemberAction.Load;
        ownerDiesAndIsExpelled();
        List<Grant> tried = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            int times = i;
            quay.await(
                    "try " + i,
                    2 * S,
                    () -> standby.all(MemberAction.Load.class).size() == times);
            Grant grant = standby.all(MemberAction.Load.class).getLast().grant();
            tried.add(grant);
            standby.tell(quay.now, new MemberEvent.LoadFailed(grant, "no such table"));
        }
        quay.run(5 * S);

        assertThat(quay.state(1)).isInstanceOf(SlotState.Parked.class);
        assertThat(tried.stream().map(Grant::epoch).distinct()).hasSize(3);

        quay.withheld = _ -> false;
        standby.tell(quay.now, new MemberEvent.Ask(new Nonce(5, 5), new Proposal.RetrySlot(slot(1))));
        quay.await("it serves", 2 * S, () -> quay.serves(standby, 1));
    }

    @Test
    @Tag("S2.23")
    void rule18_runReturns_onlyWhenAllWhoActHaveAppliedTheRunningView() {
        certifyTheOwnersDeath();
        quay.await("it is up", 2 * S, this::isUp);
        quay.lose(ClusterMessage.ViewDeltas.class, letter -> letter.to().equals("gate"));
        quay.lost.add(letter -> letter.to().equals("gate") && letter.message() instanceof ClusterMessage.ViewFull);
        quay.run(500 * MS);
        assertThat(quay.serves(standby, 1)).isTrue();
        assertThat(standby.all(MemberAction.RunDone.class)).isEmpty();

        quay.lost.clear();
        quay.run(2 * S);
        assertThat(standby.all(MemberAction.RunDone.class)).hasSize(1);
        assertThat(((Master) master.machine).leads(quay.now)).isTrue();
    }
}
