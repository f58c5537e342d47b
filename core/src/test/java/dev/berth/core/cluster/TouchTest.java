package dev.berth.core.cluster;

import static dev.berth.core.cluster.Quay.MS;
import static dev.berth.core.cluster.Quay.S;
import static dev.berth.core.cluster.Quay.life;
import static dev.berth.core.cluster.Quay.member;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Certificate.Proof;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// Members that hear no master renew at the coordinator. Read is how long they may act, and for how long everybody else
// waits for them; the quay itself checks that nobody acts too long.
class TouchTest {
    private static final Offer ONE = new Offer("role", 1, false);
    private static final Offer STANDBY = new Offer("role", 1, true);

    private final Quay quay = new Quay(2, new ServicePlan("role", 2, 0, false));
    private final Moored<MasterEvent, MasterAction> master = quay.elect("m0");
    private final Moored<MemberEvent, MemberAction> one = quay.start("w0", ONE);
    private Moored<MemberEvent, MemberAction> two = one;

    private void bothServe() {
        two = quay.start("w1", ONE);
        quay.run(5 * S);
        assertThat(quay.serves(one, 1) && quay.serves(two, 2)).isTrue();
    }

    @Test
    @Tag("S4.18")
    void rule25_withoutAMaster_membersGoOnByTouching() {
        bothServe();
        master.kill();

        quay.run(60 * S);

        assertThat(quay.serves(one, 1) && quay.serves(two, 2)).isTrue();
        assertThat(one.all(MemberAction.Suspend.class)).isEmpty();
        assertThat(quay.ledger.touchesOf(life(one))).isGreaterThan(20);
    }

    @Test
    void rule25_withoutMasterAndCoordinator_membersSuspend_andGoOnInPlace() {
        bothServe();
        master.kill();
        quay.ledger.down = true;
        quay.run(60 * S);
        assertThat(quay.mayAct(one) || quay.mayAct(two)).isFalse();

        quay.ledger.down = false;
        quay.await("both serve by touching", 3 * S, () -> quay.serves(one, 1) && quay.serves(two, 2));
        quay.elect("m0");
        quay.run(10 * S);

        assertThat(quay.serves(one, 1) && quay.serves(two, 2)).isTrue();
        assertThat(one.all(MemberAction.Load.class)).hasSize(1);
    }

    @Test
    void rule25_touchOfAMemberThatIsBehind_catchesUpFirst() {
        bothServe();
        var cut = quay.cutOff(two);
        long before = quay.ledger.view.number();
        quay.start("g0");
        quay.await("there is a newer view", 2 * S, () -> quay.ledger.view.number() > before);

        quay.run(20 * S);

        View view = member(two).view();
        assertThat(view).isNotNull().extracting(View::number).isEqualTo(quay.ledger.view.number());
        assertThat(quay.serves(two, 2)).isTrue();
        assertThat(two.all(MemberAction.Suspend.class))
                .as("it never came to a lapse")
                .isEmpty();
        assertThat(cut).isNotNull();
    }

    @Test
    void rule25_ownerThatActsByTouching_isReplaced_butOnlyLmAfterTheWrite() {
        bothServe();
        var standby = quay.start("s0", STANDBY);
        quay.run(S);
        quay.cutOff(one);
        quay.await("it is expelled", 20 * S, () -> !quay.ledger.now().lists(life(one)));
        long written = quay.now;

        quay.await(
                "the standby is up",
                8 * S,
                () -> !standby.all(MemberAction.Load.class).isEmpty());

        assertThat(quay.now).isGreaterThan(written + quay.timings.stretched(5 * S));
        assertThat(member(one).isOver()).as("its touch has told it").isTrue();
    }

    @Test
    void rule25_barrierWaitsForATouchOnAnOlderView_thoughItsMakerIsExpelledMeanwhile() {
        bothServe();
        quay.start("s0", STANDBY);
        quay.run(S);
        one.kill();
        quay.cutOff(two);
        quay.await("the dead one is expelled", 20 * S, () -> !quay.ledger.now().lists(life(one)));
        assertThat(quay.mayAct(two)).as("by its touch").isTrue();

        // Its own replacement comes while the barrier of that view is open.
        quay.start("s1", STANDBY);

        quay.await(
                "both are replaced",
                20 * S,
                () -> quay.state(1) instanceof SlotState.Running
                        && quay.state(2) instanceof SlotState.Running
                        && !quay.ledger.now().lists(life(two)));
    }

    @Test
    void rule25_successorWaitsForTouches_thoughAnExpulsionHasOnlyFreedASlot() {
        quay.run(5 * S);
        quay.cutOff(one);
        // A process of the same name that offers nothing takes its place, and its slot is free.
        quay.start("w0");
        quay.await("it is expelled", 20 * S, () -> !quay.ledger.now().lists(life(one)));
        assertThat(quay.state(1)).isInstanceOf(SlotState.Free.class);
        assertThat(quay.mayAct(one)).as("by its touch").isTrue();
        quay.run(10 * MS);
        master.tell(quay.now, new MasterEvent.Resign());
        quay.run(10 * MS);
        quay.elect("m1");

        var joiner = quay.start("w2", ONE);
        quay.await("the joiner serves", 20 * S, () -> quay.serves(joiner, 1) || quay.serves(joiner, 2));
        quay.run(3 * S);
    }

    @Test
    void rule22_certificate_replacesTheWaitingForATouchToo() {
        bothServe();
        quay.elect("m0");
        quay.run(10 * S);
        var gap = quay.lose(ClusterMessage.Answer.class, _ -> true);
        quay.await("it has touched", 4 * S, () -> quay.ledger.touchesOf(life(one)) > 0);
        quay.lost.remove(gap);
        var standby = quay.start("s0", STANDBY);
        quay.run(5 * S);
        one.kill();

        quay.say(
                standby,
                "m0",
                new ClusterMessage.Dead(new Certificate("w0", life(one), "launcher of w0", Proof.WAITED)));

        quay.await("the standby serves", 300 * MS, () -> quay.serves(standby, 1));
    }

    @Test
    @Tag("D10")
    void rule8_joinerThatDiesBeforeItHasAppliedAnything_holdsUpNobody() {
        quay.run(3 * S);
        var joiner = quay.start("w1", ONE);
        var stillborn = quay.start("g0");
        quay.await("both are admitted", S, () -> quay.ledger.now().memberCount() == 3);
        stillborn.kill();

        quay.await("the joiner serves", 300 * MS, () -> quay.serves(joiner, 2));
    }
}
