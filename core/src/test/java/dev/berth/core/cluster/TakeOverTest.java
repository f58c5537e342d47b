package dev.berth.core.cluster;

import static dev.berth.core.cluster.Quay.MS;
import static dev.berth.core.cluster.Quay.S;
import static dev.berth.core.cluster.Quay.life;
import static dev.berth.core.cluster.Quay.member;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Durable.TermRecord;
import dev.berth.core.cluster.Ledger.Fate;
import dev.berth.core.cluster.MasterEvent.WasWritten;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// Two members, one slot, one standby; masters come and go. Read is what the successor waits for and what it does not
// disturb.
class TakeOverTest {
    private static final Offer ONE = new Offer("role", 1, false);
    private static final Offer STANDBY = new Offer("role", 1, true);

    private final Quay quay = new Quay(3, new ServicePlan("role", 2, 0, false));
    private final Moored<MasterEvent, MasterAction> first = quay.elect("m0");
    private final Moored<MemberEvent, MemberAction> one = quay.start("w0", ONE);
    private final Moored<MemberEvent, MemberAction> two = quay.start("w1", ONE);

    @BeforeEach
    void bothServe() {
        quay.run(5 * S);
        assertThat(quay.serves(one, 1) && quay.serves(two, 2)).isTrue();
    }

    @Test
    @Tag("S2.14")
    @Tag("S4.18")
    @Tag("S1.34")
    void newMaster_takesOver_andNobodyIsSuspended() {
        first.kill();
        quay.run(500 * MS);
        quay.elect("m1");
        quay.run(20 * S);

        assertThat(quay.serves(one, 1) && quay.serves(two, 2)).isTrue();
        assertThat(one.all(MemberAction.Suspend.class)).isEmpty();
        assertThat(two.all(MemberAction.Suspend.class)).isEmpty();
        assertThat(quay.ledger.term.term()).isEqualTo(2);
    }

    @Test
    void rule2_successorWaits_asLongAsItsPredecessorMayHavePromised() {
        quay.start("s0", STANDBY);
        quay.run(S);
        one.kill();
        first.kill();
        long takeOver = quay.now;
        quay.elect("m1");

        quay.await("it is expelled", 30 * S, () -> !quay.ledger.now().lists(life(one)));

        assertThat(quay.now).isGreaterThan(takeOver + quay.timings.stretched(7 * S));
        assertThat(quay.now).isLessThan(takeOver + quay.timings.stretched(7 * S) + S);
    }

    @Test
    void rule2_successorOfAMasterThatResigned_leavesOutItsLeaderLease() {
        quay.start("s0", STANDBY);
        quay.run(S);
        one.kill();
        first.tell(quay.now, new MasterEvent.Resign());
        quay.run(10 * MS);
        assertThat(quay.ledger.term.resigned()).isTrue();
        long takeOver = quay.now;
        quay.elect("m1");

        quay.await("it is expelled", 30 * S, () -> !quay.ledger.now().lists(life(one)));

        assertThat(quay.now).isGreaterThan(takeOver + quay.timings.stretched(5 * S));
        assertThat(quay.now).isLessThan(takeOver + quay.timings.stretched(5 * S) + S);
    }

    @Test
    void rule2_successorWaitsForALongerFormerLease() {
        View before = quay.ledger.now();
        quay.ledger.view = new ViewImage(
                before.number(),
                before.leaseNanos(),
                12 * S,
                quay.ledger.view.members(),
                quay.ledger.view.services(),
                quay.ledger.view.names(),
                quay.ledger.view.settings(),
                quay.ledger.view.settingsVersion());
        quay.start("s0", STANDBY);
        one.kill();
        first.kill();
        long takeOver = quay.now;
        quay.elect("m1");

        quay.await("it is expelled", 40 * S, () -> !quay.ledger.now().lists(life(one)));
        assertThat(quay.now).isGreaterThan(takeOver + quay.timings.stretched(14 * S));

        quay.await("the former length is forgotten", S, () -> quay.ledger.view.formerLeaseNanos() == 5 * S);
    }

    @Test
    void rule2_whoHasNotAcknowledgedTheViewOfTheTakeOver_getsNoLease() {
        // w1 misses a view; its next beat under the new master is answered without lease, and with the view.
        quay.withheld = action -> action instanceof MemberAction.Touch;
        var gap =
                quay.lose(ClusterMessage.ViewDeltas.class, letter -> letter.to().equals("w1"));
        quay.start("g0");
        quay.await("there is a newer view", 2 * S, () -> quay.ledger.view.number() > viewNumber(two));
        first.kill();
        var mute =
                quay.lose(ClusterMessage.ViewFull.class, letter -> letter.to().equals("w1"));
        quay.elect("m0");
        quay.run(4 * S);
        assertThat(quay.sent(ClusterMessage.Answer.class, two).stream()
                        .filter(answer -> answer.term() == 2 && answer.leaseNanos() > 0))
                .isEmpty();

        quay.lost.remove(gap);
        quay.lost.remove(mute);
        quay.await("it has caught up", 4 * S, () -> quay.serves(two, 2));
    }

    private static long viewNumber(Moored<MemberEvent, MemberAction> node) {
        View view = member(node).view();
        return view == null ? 0 : view.number();
    }

    @Test
    void rule2_freeSlots_areGrantedAtOnce() {
        one.tell(quay.now, new MemberEvent.Stop("maintenance"));
        quay.run(5 * MS);
        first.tell(quay.now, new MasterEvent.Resign());
        quay.run(10 * MS);
        quay.elect("m1");
        quay.run(3 * S);
        assertThat(quay.ledger.now().lists(life(two))).isTrue();
        assertThat(quay.serves(two, 2)).isTrue();
    }

    @Test
    void rule1_takeOverThatFindsAnotherVersion_readsAgain() {
        quay.ledger.next(action -> action instanceof MasterAction.TakeOver, Fate.UNKNOWN_DONE);
        first.kill();

        var second = quay.elect("m1");
        quay.run(2 * S);

        assertThat(quay.ledger.term)
                .extracting(TermRecord::term, TermRecord::leader)
                .containsExactly(3L, "m1");
        assertThat(((Master) second.machine).leads(quay.now)).isTrue();
    }

    @Test
    void rule1_writeOfTheDeposedMaster_thatLandsLate_findsAnotherVersion() {
        quay.ledger.next(action -> action instanceof MasterAction.WriteView, Fate.HELD);
        quay.start("g0");
        quay.run(200 * MS);
        first.kill();
        quay.elect("m1").kill();
        quay.run(3 * S);
        quay.elect("m2");
        quay.run(3 * S);

        assertThat(quay.ledger.land()).isZero();
    }

    @Test
    void rule3_deposedMasterThatHasNotNoticed_isMuteOnceItsLeaseIsOver() {
        quay.elect("m1");
        quay.run(quay.timings.leaderLeaseNanos() + 10 * MS);
        int actions = first.all(MasterAction.Send.class).size();

        quay.run(20 * S);

        assertThat(first.all(MasterAction.Send.class).stream()
                        .skip(actions)
                        .filter(send -> !(send.message() instanceof ClusterMessage.NotLeader)))
                .isEmpty();
        assertThat(quay.serves(one, 1) && quay.serves(two, 2)).isTrue();
    }

    @Test
    void rule3_masterThatReadsAForeignTerm_stepsDown() {
        quay.elect("m1");
        quay.run(3 * S);

        assertThat(((Master) first.machine).leads(quay.now)).isFalse();
        assertThat(first.machine.nextWakeNanos()).isEqualTo(Master.NEVER);
    }

    @Test
    void rule12_answerOfAnOlderTerm_countsNothing() {
        first.pause();
        quay.run(200 * MS);
        quay.elect("m1");
        quay.await(
                "w0 has heard the successor",
                8 * S,
                () -> quay.sent(ClusterMessage.Answer.class, one).stream()
                        .anyMatch(answer -> answer.term() == 2 && answer.leaseNanos() > 0));
        quay.run(5 * MS);
        long until = member(one).leaseUntilNanos();
        ClusterMessage.Beat beat = quay.sent(ClusterMessage.Beat.class, one).getLast();

        one.tell(
                quay.now,
                new MemberEvent.Received(
                        0, new ClusterMessage.Answer(1, life(one), beat.seq(), 60 * S, 99, 99, quay.now)));

        assertThat(member(one).leaseUntilNanos()).isEqualTo(until);
    }

    @Test
    void rule8_newMasterClosesTheBarrierAnew_beforePreparedCounts() {
        quay.withheld = action -> action instanceof MemberAction.Load;
        two.kill();
        var joiner = quay.start("s0", STANDBY);
        quay.await(
                "it is up", 15 * S, () -> !joiner.all(MemberAction.Load.class).isEmpty());
        first.kill();
        var deaf = quay.cutOff(one);
        quay.elect("m1");
        Grant grant = joiner.all(MemberAction.Load.class).getFirst().grant();
        joiner.tell(quay.now, new MemberEvent.Loaded(grant));

        quay.run(5 * S);
        assertThat(quay.state(2)).isInstanceOf(SlotState.Offered.class);

        quay.lost.remove(deaf);
        quay.await("it serves", 15 * S, () -> quay.serves(joiner, 2));
        assertThat(quay.state(2).epoch()).isEqualTo(grant.epoch());
    }

    @Test
    void rule3_leaderLeaseIsCountedFromTheSend_ofTheTakeOverAndOfEachRenewal() {
        Master master =
                new Master(new MasterConfig("m0", List.of("m0"), Timings.DEFAULT, List.of(), SettingsCatalog.BUILT_IN));
        List<MasterAction> actions = new ArrayList<>();
        long sent = 50 * S;
        master.on(sent, new MasterEvent.Elected(1), actions::add);
        Durable empty =
                new Durable(ViewImage.of(View.empty(5 * S)), 0, new TermRecord(0, 0, "", false, 0), 0, List.of());
        master.on(sent, new MasterEvent.WasRead(1, empty), actions::add);
        master.on(sent + S, new MasterEvent.WasWritten(2, WasWritten.Outcome.DONE), actions::add);
        assertThat(master.leads(sent + 2 * S - 1)).isTrue();
        assertThat(master.leads(sent + 2 * S)).isFalse();

        MasterAction.WriteTerm renewal = (MasterAction.WriteTerm) actions.getLast();
        master.on(
                sent + 1_900 * MS,
                new MasterEvent.WasWritten(renewal.request(), WasWritten.Outcome.DONE),
                actions::add);

        assertThat(master.leads(sent + 3 * S - 1)).isTrue();
        assertThat(master.leads(sent + 3 * S)).isFalse();
    }

    @Test
    void rule1_takeOverOfALostElection_thatComesLate_isTakenOverAgain_byTheOneWhoIsElected() {
        Moored<MasterEvent, MasterAction> second = quay.elect("m1");
        quay.run(500 * MS);
        assertThat(quay.ledger.term.leader()).isEqualTo("m1");

        // What m0 had sent before it knew of the election that it lost.
        TermRecord late = new TermRecord(quay.ledger.term.term() + 1, 0, "m0", false, 1);
        JournalEntry entry = new JournalEntry(1, late.term(), "m0", 0, "late", List.of(), 0);
        quay.ledger.perform(new MasterAction.TakeOver(
                0, quay.ledger.termVersion, late, quay.ledger.viewVersion, quay.ledger.now(), entry));
        assertThat(quay.ledger.term.leader()).isEqualTo("m0");
        quay.run(5 * S);

        assertThat(quay.ledger.term.leader()).isEqualTo("m1");
        assertThat(((Master) second.machine).leads(quay.now)).isTrue();
        assertThat(((Master) first.machine).leads(quay.now)).isFalse();
    }

    @Test
    void rule1_whoReadsTheTermOfALaterElection_standsBy() {
        quay.elect("m1");
        quay.run(500 * MS);
        long term = quay.ledger.term.term();
        // It has not heard that it lost, and reads again.
        first.tell(quay.now, new MasterEvent.Elected(1));
        quay.run(10 * S);

        assertThat(quay.ledger.term.term()).isEqualTo(term);
        assertThat(quay.ledger.term.leader()).isEqualTo("m1");
    }

    @Test
    void resignedMaster_neverLeadsAgain() {
        first.tell(quay.now, new MasterEvent.Resign());
        first.tell(quay.now, new MasterEvent.Deposed());
        first.tell(quay.now, new MasterEvent.Elected(9));
        quay.run(5 * S);

        assertThat(((Master) first.machine).leads(quay.now)).isFalse();
        assertThat(quay.ledger.term.resigned()).isTrue();
    }
}
