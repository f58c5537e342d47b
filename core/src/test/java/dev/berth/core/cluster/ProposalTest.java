package dev.berth.core.cluster;

import static dev.berth.core.cluster.Quay.MS;
import static dev.berth.core.cluster.Quay.S;
import static dev.berth.core.cluster.Quay.life;
import static dev.berth.core.cluster.Quay.member;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.Ledger.Fate;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// Members propose changes of the view: names, the length of the lease, that a node be emptied. Answers get lost,
// masters change, writes fail; read is what everybody ends up with, and what the proposer is told.
class ProposalTest {
    private final Quay quay = new Quay(2, new ServicePlan("role", 2, 0, false));
    private final Moored<MasterEvent, MasterAction> master = quay.elect("m0");
    private final Moored<MemberEvent, MemberAction> one = quay.start("w0", new Offer("role", 2, false));
    private final Moored<MemberEvent, MemberAction> two = quay.start("w1", new Offer("role", 2, false));
    private long asked;

    @BeforeEach
    void bothServe() {
        quay.run(5 * S);
        assertThat(quay.mayAct(one) && quay.mayAct(two)).isTrue();
    }

    private Nonce ask(Moored<MemberEvent, MemberAction> node, Proposal proposal) {
        Nonce id = new Nonce(11, ++asked);
        node.tell(quay.now, new MemberEvent.Ask(id, proposal));
        return id;
    }

    private static List<MemberAction.Answered> answers(Moored<MemberEvent, MemberAction> node, Nonce id) {
        return node.all(MemberAction.Answered.class).stream()
                .filter(answered -> answered.id().equals(id))
                .toList();
    }

    private static View view(Moored<MemberEvent, MemberAction> node) {
        return Objects.requireNonNull(member(node).view());
    }

    @Test
    @Tag("S4.6")
    void globalName_reachesAllNodes_andFirstComeKeepsIt() {
        Nonce first = ask(one, new Proposal.TakeName("database", 77));
        quay.run(5 * MS);
        Nonce second = ask(two, new Proposal.TakeName("database", 88));
        quay.run(100 * MS);

        GlobalName taken = new GlobalName("database", 77, life(one));
        assertThat(view(one).names()).containsEntry("database", taken);
        assertThat(view(two).names()).containsEntry("database", taken);
        assertThat(answers(one, first)).singleElement().satisfies(answer -> {
            assertThat(answer.accepted()).isTrue();
            assertThat(answer.view()).isLessThanOrEqualTo(quay.ledger.view.number());
        });
        assertThat(answers(two, second))
                .singleElement()
                .satisfies(answer -> assertThat(answer.accepted()).isFalse())
                .satisfies(answer ->
                        assertThat(answer.reason()).contains("database").contains("w0"));
    }

    @Test
    @Tag("S4.6")
    @Tag("S1.18")
    void globalNames_goWithTheirHolder() {
        ask(one, new Proposal.TakeName("database", 77));
        quay.run(100 * MS);

        one.kill();

        quay.await(
                "it is replaced and its name is free",
                15 * S,
                () -> view(two).names().isEmpty());
        quay.await("the other serves both", 2 * S, () -> quay.serves(two, 1) && quay.serves(two, 2));
    }

    @Test
    void proposalThatIsAlreadyCarriedOut_namesAViewThatExists() {
        ask(one, new Proposal.TakeName("database", 77));
        quay.run(3 * S);
        long before = quay.ledger.view.number();

        Nonce again = ask(one, new Proposal.TakeName("database", 77));
        quay.run(3 * S);

        assertThat(quay.ledger.view.number()).isEqualTo(before);
        assertThat(answers(one, again)).singleElement().satisfies(answer -> {
            assertThat(answer.accepted()).isTrue();
            assertThat(answer.view()).isEqualTo(before);
        });
    }

    @Test
    void proposalWhoseAnswerGotLost_isAskedAgain_andAnsweredOnce() {
        var gap = quay.lose(ClusterMessage.Decided.class, _ -> true);
        Nonce id = ask(one, new Proposal.TakeName("database", 77));
        quay.run(3 * S);
        assertThat(answers(one, id)).isEmpty();

        quay.lost.remove(gap);
        quay.run(3 * S);

        assertThat(answers(one, id)).hasSize(1);
        assertThat(quay.sent(ClusterMessage.Propose.class, one)).hasSizeLessThan(7);
    }

    @Test
    void proposalUnderAChangeOfMaster_isDecidedByTheSuccessor() {
        quay.ledger.next(action -> action instanceof MasterAction.WriteView, Fate.LOST);
        Nonce id = ask(one, new Proposal.TakeName("database", 77));
        quay.run(100 * MS);
        master.kill();
        quay.elect("m1");

        quay.await("it is decided", 10 * S, () -> !answers(one, id).isEmpty());
        quay.run(MS);
        assertThat(answers(one, id).getFirst().accepted()).isTrue();
        assertThat(view(one).names()).containsKey("database");
    }

    @Test
    void drainedNode_isEmptied_andGetsItsShareBack() {
        Nonce id = ask(two, new Proposal.DrainNode(life(one).node(), true));
        quay.await("all runs at the other", 5 * S, () -> quay.serves(two, 1) && quay.serves(two, 2));
        assertThat(answers(two, id))
                .singleElement()
                .extracting(MemberAction.Answered::accepted)
                .isEqualTo(true);
        assertThat(one.all(MemberAction.Quiesce.class)).hasSize(1);
        quay.run(3 * S);

        ask(two, new Proposal.DrainNode(life(one).node(), false));
        two.tell(quay.now, new MemberEvent.Stop("maintenance"));

        quay.await("all runs at the first", 5 * S, () -> quay.serves(one, 1) && quay.serves(one, 2));
    }

    @Test
    void rule2_raisedLease_isWaitedForByTheSuccessor() {
        ask(one, new Proposal.SetLease(20 * S));
        quay.run(3 * S);
        assertThat(member(one).leaseUntilNanos()).isGreaterThan(quay.now + 18 * S);
        quay.withheld = action -> action instanceof MemberAction.Touch;
        quay.cutOff(one);
        master.kill();
        quay.elect("m1");
        long takeOver = quay.now;

        quay.await("it is expelled", 60 * S, () -> !quay.ledger.now().lists(life(one)));

        assertThat(quay.now).isGreaterThan(takeOver + quay.timings.stretched(22 * S));
    }

    @Test
    void loweredLease_isWaitedForAtItsFormerLength_untilTheLastOfThemIsOver() {
        ask(one, new Proposal.SetLease(20 * S));
        quay.run(3 * S);
        quay.withheld = action -> action instanceof MemberAction.Touch;
        // The last long lease is granted just before the change.
        quay.cutOff(one);
        ask(two, new Proposal.SetLease(5 * S));
        quay.run(500 * MS);
        assertThat(quay.ledger.view.leaseNanos()).isEqualTo(5 * S);
        assertThat(quay.ledger.view.formerLeaseNanos()).isEqualTo(20 * S);
        master.kill();
        quay.elect("m1");
        long takeOver = quay.now;

        quay.await("it is expelled", 60 * S, () -> !quay.ledger.now().lists(life(one)));
        assertThat(quay.now).isGreaterThan(takeOver + quay.timings.stretched(22 * S));
        quay.run(3 * S);
        assertThat(quay.ledger.view.formerLeaseNanos()).isEqualTo(5 * S);
    }

    @Test
    void tooManyProposals_areRefusedByName() {
        quay.cutOff(one);
        Nonce last = new Nonce(0, 0);
        for (int i = 0; i < 300; i++) {
            last = ask(one, new Proposal.FreeName("name-" + i));
        }

        assertThat(answers(one, last))
                .singleElement()
                .satisfies(answer -> assertThat(answer.reason()).contains("busy"));
    }
}
