package dev.berth.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.AdmissionAction.Deliver;
import dev.berth.core.call.AdmissionAction.Dropped;
import dev.berth.core.call.AdmissionAction.Send;
import dev.berth.core.call.PeerMessage.Call;
import dev.berth.core.call.PeerMessage.Mark;
import dev.berth.core.call.PeerMessage.Marked;
import dev.berth.core.call.PeerMessage.Reply;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.call.PeerMessage.Result.NotRun;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// Node 1 owns slot 1 of "role" and admits what node 2, the owner of slot 2, sends on connection 5. Messages go in,
// views change, and the actions are read.
class AdmissionTest {
    final Harbor harbor = new Harbor();
    final Incarnation self = harbor.join(1);
    final Incarnation two = harbor.join(2);
    final Incarnation three = harbor.join(3);
    final Grant mine = harbor.run(1, self);
    final Grant theirs = harbor.run(2, two);
    boolean mayAct = true;
    Table table = Table.of(harbor.view(), self).serving(mine);
    final List<AdmissionAction> actions = new ArrayList<>();
    final Admission admission = new Admission(
            new AdmissionLimits(8, 8, 1_000, 20_000_000), new Judge(_ -> mayAct), new MarkSet(), table, two, false, 5);

    void on(AdmissionEvent event) {
        actions.clear();
        admission.on(0, event, actions::add);
    }

    void receive(PeerMessage message) {
        on(new AdmissionEvent.Received(message));
    }

    void install() {
        install(table.installed(harbor.view()));
    }

    void install(Table next) {
        table = next;
        on(new AdmissionEvent.Installed(next));
    }

    static Call call(int session, @Nullable Grant to, @Nullable Grant from) {
        return new Call(session, to, from, 0, 1_000_000, List.of(), Bytes.EMPTY, null, Bytes.EMPTY);
    }

    List<Call> dispatched() {
        return actions.stream()
                .filter(Dispatch.class::isInstance)
                .map(action -> ((Dispatch) action).call())
                .toList();
    }

    Dispatch onlyDispatch() {
        assertThat(actions).hasSize(1).first().isInstanceOf(Dispatch.class);
        return (Dispatch) actions.getFirst();
    }

    NotRun onlyRefusal() {
        assertThat(actions).hasSize(1).first().isInstanceOf(Send.class);
        return (NotRun) ((Reply) ((Send) actions.getFirst()).message()).result();
    }

    @Test
    @Tag("S4.12")
    void call_toServingSlot_isDispatched_andItsReplyHasThePositiveSession() {
        receive(call(-7, mine, theirs));
        Dispatch dispatch = onlyDispatch();
        assertThat(dispatch.connection()).isEqualTo(5);
        on(new AdmissionEvent.Taken(dispatch));
        on(new AdmissionEvent.Answered(dispatch, new Result.Value(Bytes.EMPTY)));
        assertThat(actions).containsExactly(new Send(5, new Reply(7, mine, new Result.Value(Bytes.EMPTY))));
        assertThat(admission.isEmpty()).isTrue();
    }

    @Test
    @Tag("S2.13")
    void senderOfOlderEpoch_isDropped_rule17() {
        harbor.run(2, three);
        install();
        receive(call(-7, mine, theirs));
        assertThat(actions).hasSize(1).first().isInstanceOf(Dropped.class);
        assertThat(admission.isEmpty()).isTrue();
    }

    @Test
    void senderOfNewerEpoch_holdsAllBehindIt_untilThatView_rule17() {
        Grant newer = harbor.run(2, two);
        receive(call(-1, mine, newer));
        receive(call(-2, mine, null));
        receive(new Reply(3, newer, new Result.Value(Bytes.EMPTY)));
        assertThat(actions).isEmpty();
        install();
        assertThat(dispatched()).extracting(Call::session).containsExactly(-1, -2);
        assertThat(actions).hasSize(3).last().isInstanceOf(Deliver.class);
    }

    @Test
    @Tag("S2.13")
    void ownSlotMoved_isRefusedWithMyView_rule17() {
        harbor.run(1, three);
        install();
        receive(call(-7, mine, theirs));
        assertThat(onlyRefusal())
                .isEqualTo(new NotRun(RefusedReason.MOVED, harbor.view().number()));
    }

    @Test
    void drainingSlot_refusesNewCalls_rule19() {
        harbor.drain(mine, three);
        install(table.withdrawn(mine).installed(harbor.view()));
        receive(call(-7, mine, theirs));
        assertThat(onlyRefusal().reason()).isEqualTo(RefusedReason.MOVED);
    }

    @Test
    void slotHandedOver_holdsItsCallsUntilItServes_andNothingElse_rule20() {
        Grant next = harbor.run(3, self);
        install();
        receive(call(-1, next, null));
        receive(call(-2, mine, null));
        assertThat(dispatched()).extracting(Call::session).containsExactly(-2);
        receive(call(-3, next, null));
        assertThat(actions).isEmpty();
        install(table.serving(next));
        assertThat(dispatched()).extracting(Call::session).containsExactly(-1, -3);
    }

    @Test
    void expelledSender_isDropped_rule14() {
        mayAct = false;
        receive(call(-1, mine, null));
        harbor.expel(two);
        install();
        mayAct = true;
        on(new AdmissionEvent.Resumed());
        assertThat(dispatched()).isEmpty();
        assertThat(admission.isEmpty()).isTrue();
    }

    @Test
    void suspended_dispatchesNothing_resumed_dropsWhatIsTooLate_rule13() {
        mayAct = false;
        receive(call(-1, mine, null));
        receive(call(0, mine, null));
        assertThat(actions).isEmpty();
        mayAct = true;
        actions.clear();
        admission.advance(1_000_000, actions::add);
        assertThat(actions).hasSize(2);
        assertThat(((Reply) ((Send) actions.getFirst()).message()).result())
                .isEqualTo(new NotRun(RefusedReason.TIMED_OUT, 0));
        assertThat(actions.get(1)).isInstanceOf(Dropped.class);
    }

    @Test
    void fullInbox_refusesBusy() {
        IntStream.rangeClosed(1, 8).forEach(i -> receive(call(-i, mine, null)));
        receive(call(-9, mine, null));
        assertThat(onlyRefusal()).isEqualTo(new NotRun(RefusedReason.BUSY, 1_000));
        assertThat(admission.waiting()).isEqualTo(8);
    }

    @Test
    void nextConnectionOfThePair_discardsWhatIsUndispatched_rule16() {
        mayAct = false;
        receive(call(-1, mine, null));
        on(new AdmissionEvent.Superseded(7));
        mayAct = true;
        on(new AdmissionEvent.Resumed());
        assertThat(dispatched()).isEmpty();
    }

    @Test
    void mark_isAnsweredWhenWhatTheSlotSentHasBeenTaken_rule19() {
        receive(call(0, mine, theirs));
        Dispatch first = onlyDispatch();
        receive(call(0, mine, null));
        receive(new Mark(theirs));
        assertThat(actions).isEmpty();
        on(new AdmissionEvent.Taken(first));
        assertThat(actions).containsExactly(new Send(5, new Marked(theirs)));
    }

    @Test
    void mark_waitsForAReply_thatASuspendedNodeHasNotHeard_rule19() {
        mayAct = false;
        receive(new Reply(7, theirs, new Result.Value(Bytes.EMPTY)));
        receive(new Reply(8, mine, new Result.Value(Bytes.EMPTY)));
        receive(new Mark(theirs));
        assertThat(actions).isEmpty();
        mayAct = true;
        on(new AdmissionEvent.Resumed());
        assertThat(actions).hasSize(3).contains(new Send(5, new Marked(theirs)));
        assertThat(actions.getFirst()).isInstanceOf(Deliver.class);
    }

    @Test
    void mailboxReturnsAMessage_itIsJudgedAgain() {
        receive(call(-1, mine, null));
        Dispatch dispatch = onlyDispatch();
        harbor.run(1, three);
        install();
        on(new AdmissionEvent.Returned(dispatch));
        assertThat(onlyRefusal().reason()).isEqualTo(RefusedReason.MOVED);
    }

    @Test
    void slotThatServesWhileTheNodeIsSuspended_runsWhatWaitedFirst_rules13and20() {
        Grant next = harbor.run(3, self);
        install();
        receive(call(-1, next, null));
        mayAct = false;
        install(table.serving(next));
        mayAct = true;
        receive(call(-2, next, null));
        assertThat(actions).isEmpty();
        on(new AdmissionEvent.Resumed());
        assertThat(dispatched()).extracting(Call::session).containsExactly(-1, -2);
    }

    @Test
    void callerThatKnowsTheSlotRuns_waitsForTheOwnerToKnowIt_rule17() {
        Grant offered = harbor.offer(3, self);
        install();
        receive(call(-1, offered, null));
        assertThat(actions).isEmpty();
        harbor.prepared(offered);
        install(table.serving(offered).installed(harbor.view()));
        assertThat(dispatched()).extracting(Call::session).containsExactly(-1);
    }

    @Test
    void answerGivenWhileSuspended_leavesWhenTheNodeMayActAgain_rule13() {
        receive(call(-1, mine, null));
        Dispatch dispatch = onlyDispatch();
        mayAct = false;
        on(new AdmissionEvent.Answered(dispatch, new Result.Value(Bytes.EMPTY)));
        assertThat(actions).isEmpty();
        assertThat(admission.nextWakeNanos()).isEqualTo(20_000_000);
        mayAct = true;
        actions.clear();
        admission.advance(20_000_000, actions::add);
        assertThat(actions).hasSize(1).first().isInstanceOf(Send.class);
    }

    @Test
    void answerAfterTheConnectionEnded_isDropped() {
        receive(call(-1, mine, null));
        Dispatch dispatch = onlyDispatch();
        on(new AdmissionEvent.Closed());
        on(new AdmissionEvent.Answered(dispatch, new Result.Value(Bytes.EMPTY)));
        assertThat(actions).hasSize(1).first().isInstanceOf(Dropped.class);
        assertThat(admission.isEmpty()).isTrue();
    }

    @Test
    void fullInboxOfCallsThatNobodyWaitsFor_makesRoom() {
        Grant loading = harbor.run(3, self);
        install();
        IntStream.rangeClosed(1, 8).forEach(i -> receive(call(-i, loading, null)));
        actions.clear();
        admission.received(1_000_000, call(-9, mine, null), actions::add);
        assertThat(actions).hasSize(9);
        assertThat(dispatched()).extracting(Call::session).containsExactly(-9);
    }

    @Test
    void epochThatNoViewEverNames_holdsUpTheConnectionNoLongerThanItsBudget() {
        Grant invented = new Grant(mine.slot(), 1_000);
        receive(call(-1, invented, null));
        receive(call(-2, mine, new Grant(theirs.slot(), 1_000)));
        receive(new Reply(3, null, new Result.Value(Bytes.EMPTY)));
        assertThat(actions).isEmpty();
        assertThat(admission.nextWakeNanos()).isEqualTo(1_000_000);
        admission.advance(1_000_000, actions::add);
        assertThat(actions).hasSize(3).last().isInstanceOf(Deliver.class);
        assertThat(admission.isEmpty()).isTrue();
    }

    @Test
    void hiddenNode_speaksForNoSlot_rule16() {
        Incarnation hidden = new Incarnation(new NodeId(9), 0);
        Admission toHidden =
                new Admission(AdmissionLimits.DEFAULT, new Judge(_ -> true), new MarkSet(), table, hidden, true, 1);
        toHidden.received(0, call(-1, mine, null), actions::add);
        assertThat(dispatched()).hasSize(1);
        actions.clear();
        toHidden.received(0, call(-2, mine, theirs), actions::add);
        assertThat(dispatched()).isEmpty();
    }

    @Test
    void secondHello_violatesTheProtocol() {
        receive(new PeerMessage.Hello(two, self, 1, 5, 1, 1, false));
        assertThat(actions).containsExactly(new AdmissionAction.Violated("a second HELLO"));
    }
}
