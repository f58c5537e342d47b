package dev.berth.core.cluster;

import static dev.berth.core.cluster.Quay.MS;
import static dev.berth.core.cluster.Quay.S;
import static dev.berth.core.cluster.Quay.life;
import static dev.berth.core.cluster.Quay.member;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Ledger.Fate;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

// An owner is paused and a standby waits; the write of the view that replaces it does not go as it should. Read is who
// may act, and which view all end up with.
class DurableWriteTest {
    private final Quay quay = new Quay(1, new ServicePlan("role", 1, 0, false));
    private final Moored<MasterEvent, MasterAction> master = quay.elect("m0");
    private final Moored<MemberEvent, MemberAction> owner = quay.start("w0", new Offer("role", 1, false));
    private Moored<MemberEvent, MemberAction> standby = owner;

    @BeforeEach
    void ownerServes() {
        quay.run(5 * S);
        standby = quay.start("w1", new Offer("role", 1, true));
        quay.run(2 * S);
        assertThat(quay.serves(owner, 1)).isTrue();
    }

    private Predicate<MasterAction> expelling(Incarnation life) {
        return action -> action instanceof MasterAction.WriteView write
                && write.view().number() > life.number()
                && !write.view().lists(life);
    }

    private long answersWithLease(Moored<MemberEvent, MemberAction> node) {
        return quay.sent(ClusterMessage.Answer.class, node).stream()
                .filter(answer -> answer.leaseNanos() > 0)
                .count();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("S2.6")
    void rule6_whateverBecomesOfTheWrite_theSlotRunsAgain_underOneOwner(Fate fate) {
        quay.ledger.next(expelling(life(owner)), fate);
        owner.pause();

        quay.await("the standby serves", 20 * S, () -> quay.serves(standby, 1));

        owner.resume(quay.now);
        quay.run(10 * S);
        assertThat(member(owner).isOver()).isTrue();
        assertThat(quay.serves(standby, 1)).isTrue();
        assertThat(quay.ledger.land())
                .as("a copy that lands late finds another version")
                .isZero();
    }

    @Test
    void rule6_whoIsToBeExpelled_getsNoLease_whileTheOutcomeIsUnknown() {
        quay.ledger.next(expelling(life(owner)), Fate.HELD);
        owner.pause();
        quay.await(
                "the write is under way",
                12 * S,
                () -> !master.all(MasterAction.WriteView.class).isEmpty()
                        && expelling(life(owner))
                                .test(master.all(MasterAction.WriteView.class).getLast()));
        long answers = quay.sent(ClusterMessage.Answer.class, owner).size();
        long before = answersWithLease(owner);

        // It comes back between the decision and the write: its beats are fresh, but nobody knows what becomes of it.
        quay.run(2 * MS);
        quay.ledger.down = true;
        owner.resume(quay.now);
        quay.run(1_200 * MS);

        assertThat(quay.sent(ClusterMessage.Answer.class, owner).size()).isGreaterThan((int) answers + 1);
        assertThat(answersWithLease(owner)).isEqualTo(before);
        assertThat(quay.mayAct(owner)).isFalse();
        assertThat(quay.ledger.land()).isEqualTo(1);
        quay.ledger.down = false;
        quay.await("the standby serves", 10 * S, () -> quay.serves(standby, 1));
        assertThat(member(owner).isOver()).isTrue();
    }

    @Test
    void rule6_ownerThatReturnsBeforeTheDecision_keepsItsSlot() {
        owner.pause();
        quay.run(4 * S);
        owner.resume(quay.now);
        quay.run(10 * S);

        assertThat(quay.serves(owner, 1)).isTrue();
    }

    @Test
    void rule6_touchBetweenReadAndWrite_isAConflict_andTheMasterDecidesAnew() {
        var cut = quay.cutOff(owner);
        quay.await(
                "somebody decides",
                12 * S,
                () -> master.all(MasterAction.WriteView.class).stream().anyMatch(expelling(life(owner))));
        List<Durable.Touch> first = expelled(0).unchanged();
        quay.await("it is expelled", 8 * S, () -> !quay.ledger.now().lists(life(owner)));

        // It has touched since the master read the record, so the first attempt found another version.
        assertThat(first).contains(new Durable.Touch(life(owner), 0));
        assertThat(expelled(1).unchanged())
                .noneMatch(touch -> touch.version() == 0 && touch.incarnation().equals(life(owner)));
        quay.lost.remove(cut);
        quay.await("the standby serves", 10 * S, () -> quay.serves(standby, 1));
    }

    private MasterAction.WriteView expelled(int index) {
        return master.all(MasterAction.WriteView.class).stream()
                .filter(expelling(life(owner)))
                .toList()
                .get(index);
    }

    @Test
    void rule3_renewalsThatFail_makeTheMasterMute_beforeItsSuccessorMayPromise() {
        Predicate<MasterAction> renewal = action -> action instanceof MasterAction.WriteTerm;
        for (int i = 0; i < 8; i++) {
            quay.ledger.next(renewal, Fate.UNKNOWN_LOST);
        }
        quay.run(2_500 * MS);

        assertThat(((Master) master.machine).leads(quay.now)).isFalse();
        int answers = quay.sent(ClusterMessage.Answer.class, owner).size();
        quay.run(600 * MS);
        assertThat(quay.sent(ClusterMessage.Answer.class, owner)).hasSize(answers);
        quay.run(5 * S);
        assertThat(((Master) master.machine).leads(quay.now)).isTrue();
        assertThat(quay.serves(owner, 1)).isTrue();
    }

    @Test
    void rule3_renewalWithoutAnyAnswer_isReadAgain() {
        quay.ledger.next(action -> action instanceof MasterAction.WriteTerm, Fate.LOST);

        quay.run(10 * S);

        assertThat(((Master) master.machine).leads(quay.now)).isTrue();
        assertThat(quay.serves(owner, 1)).isTrue();
    }
}
