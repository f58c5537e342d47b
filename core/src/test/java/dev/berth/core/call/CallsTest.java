package dev.berth.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.CallAction.Connect;
import dev.berth.core.call.CallAction.Ended;
import dev.berth.core.call.CallAction.Send;
import dev.berth.core.call.Outcome.Cause;
import dev.berth.core.call.PeerMessage.Reply;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.machine.Backoff;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// One call table is told what its loop would tell it, and the actions are read. Time is a number that each test moves;
// node 1 calls, nodes 2 and 3 own the slots of "role".
class CallsTest {
    static final long DEADLINE = 1_000_000_000L;
    static final Bytes BODY = Bytes.utf8("body");

    final Harbor harbor = new Harbor();
    final Incarnation self = harbor.join(1);
    final Incarnation two = harbor.join(2);
    final Incarnation three = harbor.join(3);
    boolean mayAct = true;
    final Judge judge = new Judge(_ -> mayAct);
    final List<CallAction> actions = new ArrayList<>();
    CallLimits limits = new CallLimits(64, 32, new Backoff(1_000_000, 8_000_000), 20_000_000);
    Calls calls = newCalls(1);

    Calls newCalls(int firstSession) {
        return new Calls(
                limits,
                judge,
                new MarkSet(),
                Table.of(harbor.view(), self),
                new SplittableRandom(7),
                0,
                1,
                firstSession);
    }

    void on(long now, CallEvent event) {
        actions.clear();
        calls.on(now, event, actions::add);
    }

    void install() {
        on(0, new CallEvent.Installed(Table.of(harbor.view(), self)));
    }

    void advance(long now) {
        actions.clear();
        calls.advance(now, actions::add);
    }

    void reply(long now, Send send, @Nullable Grant from, Result result) {
        on(
                now,
                new CallEvent.Replied(
                        send.peer(), send.connection(), new Reply(-send.call().session(), from, result)));
    }

    Send onlySend() {
        assertThat(actions).hasSize(1).first().isInstanceOf(Send.class);
        return (Send) actions.getFirst();
    }

    Outcome<Bytes> onlyEnd() {
        assertThat(actions).hasSize(1).first().isInstanceOf(Ended.class);
        return ((Ended) actions.getFirst()).outcome();
    }

    static Request call(int slot) {
        return Request.toSlot(99, Harbor.slot(slot), DEADLINE, BODY);
    }

    static Result value(String text) {
        return new Result.Value(Bytes.utf8(text));
    }

    @Test
    @Tag("S2.9")
    @Tag("S4.12")
    void call_toRunningSlot_goesToItsOwnerWithNegativeSession() {
        Grant grant = harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 5));
        on(0, new CallEvent.Submitted(call(1)));
        Send send = onlySend();
        assertThat(send.peer()).isEqualTo(two);
        assertThat(send.connection()).isEqualTo(5);
        assertThat(send.call().session()).isNegative();
        assertThat(send.call().to()).isEqualTo(grant);
        assertThat(send.call().budgetNanos()).isEqualTo(DEADLINE);
        reply(10, send, grant, value("yes"));
        assertThat(onlyEnd()).isEqualTo(new Outcome.Done<>(Bytes.utf8("yes")));
        assertThat(calls.inFlight()).isZero();
    }

    @Test
    @Tag("S4.11")
    @Tag("S4.12")
    void sessions_wrapAround_skipLiveOnes() {
        calls = newCalls(1);
        Grant grant = harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 5));
        on(0, new CallEvent.Submitted(call(1)));
        assertThat(onlySend().call().session()).isEqualTo(-1);
        calls = newCalls(Integer.MAX_VALUE);
        on(0, new CallEvent.Connected(two, 5));
        on(0, new CallEvent.Submitted(call(1)));
        Send last = onlySend();
        assertThat(last.call().session()).isEqualTo(-Integer.MAX_VALUE);
        on(0, new CallEvent.Submitted(call(1)));
        assertThat(onlySend().call().session()).isEqualTo(-1);
        reply(0, last, grant, value("last"));
        assertThat(onlyEnd()).isEqualTo(new Outcome.Done<>(Bytes.utf8("last")));
    }

    @Test
    @Tag("S4.12")
    void oneWay_hasSessionZero_andEndsWhenHandedOver() {
        harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 5));
        on(0, new CallEvent.Submitted(call(1).asOneWay()));
        assertThat(actions).hasSize(2);
        assertThat(((Send) actions.getFirst()).call().session()).isZero();
        assertThat(((Ended) actions.get(1)).outcome()).isInstanceOf(Outcome.Done.class);
        assertThat(calls.inFlight()).isZero();
    }

    @Test
    @Tag("S2.12")
    void call_beforeAnybodyOwnsTheSlot_isHeldAndThenSent() {
        on(0, new CallEvent.Submitted(call(1)));
        assertThat(actions).isEmpty();
        harbor.run(1, two);
        install();
        assertThat(actions).containsExactly(new Connect(two));
        on(0, new CallEvent.Connected(two, 1));
        assertThat(onlySend().peer()).isEqualTo(two);
    }

    @Test
    @Tag("S4.17")
    void deadline_neverSent_isRefused_sent_isUnknown() {
        on(0, new CallEvent.Submitted(call(1)));
        advance(DEADLINE - 1);
        assertThat(actions).isEmpty();
        assertThat(calls.nextWakeNanos()).isEqualTo(DEADLINE);
        advance(DEADLINE);
        assertThat(onlyEnd()).isEqualTo(new Outcome.Refused<>(RefusedReason.NO_OWNER, 0));
        harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Submitted(call(1)));
        advance(DEADLINE);
        assertThat(onlyEnd()).isEqualTo(new Outcome.Unknown<>(Cause.DEADLINE));
    }

    @Test
    @Tag("D13")
    void connectionCloses_sentCallsAreUnknownAtOnce_unwrittenOnesAreTriedAgain() {
        harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Submitted(call(1)));
        on(0, new CallEvent.Submitted(call(1)));
        Send second = onlySend();
        on(1, new CallEvent.NotWritten(two, 1, second.call().session()));
        on(1, new CallEvent.Disconnected(two, 1, "reset by peer"));
        assertThat(actions).hasSize(2);
        assertThat(((Ended) actions.getFirst()).outcome()).isEqualTo(new Outcome.Unknown<>(Cause.CONNECTION_CLOSED));
        assertThat(actions.get(1)).isEqualTo(new Connect(two));
        on(2, new CallEvent.Connected(two, 3));
        assertThat(onlySend().request()).isSameAs(second.request());
    }

    @Test
    @Tag("D13")
    void peerIsExpelled_sentCallsAreUnknownAtOnce() {
        harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Submitted(call(1)));
        harbor.expel(two);
        install();
        assertThat(onlyEnd()).isEqualTo(new Outcome.Unknown<>(Cause.PEER_EXPELLED));
    }

    @Test
    @Tag("S4.10")
    void answersInAnotherOrder_reachTheCallsTheyBelongTo() {
        Grant grant = harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Submitted(call(1)));
        Send first = onlySend();
        on(0, new CallEvent.Submitted(call(1)));
        Send second = onlySend();
        reply(1, second, grant, value("second"));
        assertThat(actions).containsExactly(new Ended(second.request(), new Outcome.Done<>(Bytes.utf8("second")), 0));
        reply(1, first, grant, value("first"));
        assertThat(actions).containsExactly(new Ended(first.request(), new Outcome.Done<>(Bytes.utf8("first")), 0));
    }

    @Test
    @Tag("S2.10")
    void callerNamesTheShare_notTheInstance_butLearnsThatItIsFarAway() {
        harbor.run(1, two);
        harbor.run(2, three);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Connected(three, 1));
        on(0, new CallEvent.Submitted(call(1)));
        assertThat(onlySend().peer()).isEqualTo(two);
        on(0, new CallEvent.Submitted(call(2)));
        assertThat(onlySend().peer()).isEqualTo(three);
        on(1, new CallEvent.Disconnected(three, 1, "reset by peer"));
        assertThat(onlyEnd()).isEqualTo(new Outcome.Unknown<>(Cause.CONNECTION_CLOSED));
    }

    @Test
    void calleesException_isFailed() {
        Grant grant = harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Submitted(call(1)));
        reply(1, onlySend(), grant, new Result.Error("Denied", "no gold"));
        assertThat(onlyEnd()).isEqualTo(new Outcome.Failed<>("Denied", "no gold"));
    }

    @Test
    void moved_waitsForTheHintedView_thenFollowsTheOwner_rule19() {
        harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Connected(three, 1));
        on(0, new CallEvent.Submitted(call(1)));
        Send first = onlySend();
        long draining = harbor.view().number() + 1;
        reply(1, first, null, new Result.NotRun(RefusedReason.MOVED, draining));
        assertThat(actions).isEmpty();
        assertThat(calls.held()).isEqualTo(1);
        harbor.drain(Objects.requireNonNull(first.call().to()), three);
        install();
        assertThat(actions).isEmpty();
        Grant moved = harbor.run(1, three);
        install();
        Send second = onlySend();
        assertThat(second.peer()).isEqualTo(three);
        assertThat(second.call().to()).isEqualTo(moved);
        assertThat(second.call().session()).isNotEqualTo(first.call().session());
    }

    @Test
    void slotThatLeaves_waitsForNoSlotThatLeavesToo_norForItself_rule19() {
        MarkSet marks = new MarkSet();
        calls = new Calls(limits, judge, marks, Table.of(harbor.view(), self), new SplittableRandom(7));
        Grant mine = harbor.run(1, self);
        Grant other = harbor.run(2, two);
        harbor.run(3, two);
        harbor.drain(mine, three);
        harbor.drain(other, three);
        install();
        on(0, new CallEvent.Connected(two, 1));
        Request toOther = call(2).onBehalfOf(mine);
        Request toItself = call(1).onBehalfOf(mine).asOneWay();
        Request nobodys = Request.toSlot(98, Harbor.slot(2), DEADLINE, BODY);
        List.of(toOther, toItself, nobodys).forEach(request -> on(0, new CallEvent.Submitted(request)));
        assertThat(calls.held())
                .as("a handler of it may still wait for its answer")
                .isEqualTo(3);
        marks.on(0, new MarkEvent.Start(mine), _ -> {});
        on(0, new CallEvent.Leaving());
        Outcome<Bytes> stopped = new Outcome.Refused<>(RefusedReason.STOPPED, 0);
        assertThat(actions)
                .extracting(Ended.class::cast)
                .allMatch(ended -> ended.outcome().equals(stopped));
        assertThat(actions).extracting(ended -> ((Ended) ended).request()).containsExactly(toOther, toItself);
        assertThat(calls.held()).isEqualTo(1);
        on(0, new CallEvent.Submitted(toItself));
        assertThat(onlyEnd()).isEqualTo(stopped);
        on(0, new CallEvent.Submitted(call(3).onBehalfOf(mine)));
        assertThat(onlySend().peer()).isEqualTo(two);
    }

    @Test
    void slotThatLeaves_endsWhatItSaid_whenTheOtherOneLeavesLater_andWhatIsInDoubtAsUnknown_rule19() {
        MarkSet marks = new MarkSet();
        calls = new Calls(limits, judge, marks, Table.of(harbor.view(), self), new SplittableRandom(7));
        Grant mine = harbor.run(1, self);
        Grant other = harbor.run(2, two);
        harbor.drain(mine, three);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Submitted(call(2).onBehalfOf(mine).withOperation(new OperationId(4, 5))));
        onlySend();
        marks.on(0, new MarkEvent.Start(mine), _ -> {});
        on(0, new CallEvent.Leaving());
        assertThat(actions).isEmpty();
        on(0, new CallEvent.Disconnected(two, 1, "cut"));
        assertThat(calls.held()).isEqualTo(1);
        harbor.drain(other, three);
        install();
        assertThat(onlyEnd()).isEqualTo(new Outcome.Unknown<>(Cause.CONNECTION_CLOSED));
    }

    @Test
    void viewThatNeverComes_isAwaitedNoLongerThanACallsDeadline() {
        harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Submitted(call(1)));
        reply(1, onlySend(), null, new Result.NotRun(RefusedReason.MOVED, Long.MAX_VALUE));
        Request second = Request.toSlot(99, Harbor.slot(1), 2 * DEADLINE, BODY);
        on(2, new CallEvent.Submitted(second));
        assertThat(actions).isEmpty();
        advance(DEADLINE);
        assertThat(actions).hasSize(2);
        assertThat(((Send) actions.get(1)).request()).isSameAs(second);
    }

    @Test
    void heldCalls_leaveInOrder_andOnlyWhenNothingIsUnderWayToTheFormerOwner_rule19() {
        harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Connected(three, 1));
        on(0, new CallEvent.Submitted(call(1)));
        Send first = onlySend();
        on(0, new CallEvent.Submitted(call(1)));
        Send second = onlySend();
        harbor.run(1, three);
        install();
        Request third = call(1);
        on(0, new CallEvent.Submitted(third));
        reply(1, first, null, new Result.NotRun(RefusedReason.MOVED, 0));
        assertThat(actions).isEmpty();
        reply(1, second, null, new Result.NotRun(RefusedReason.MOVED, 0));
        assertThat(actions)
                .extracting(action -> ((Send) action).request())
                .usingElementComparator((a, b) -> a == b ? 0 : 1)
                .containsExactly(first.request(), second.request(), third);
    }

    @Test
    void anotherCaller_doesNotWaitForTheLane() {
        harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Submitted(call(1)));
        reply(0, onlySend(), null, new Result.NotRun(RefusedReason.BUSY, 0));
        on(0, new CallEvent.Submitted(call(1)));
        assertThat(actions).isEmpty();
        on(0, new CallEvent.Submitted(Request.toSlot(100, Harbor.slot(1), DEADLINE, BODY)));
        assertThat(onlySend().request().caller()).isEqualTo(100);
    }

    @Test
    void busy_isTriedAgainAfterABackOff_andEndsWithTheDeadline() {
        harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Submitted(call(1)));
        long now = 0;
        int attempts = 0;
        while (now < DEADLINE) {
            Send send = onlySend();
            attempts++;
            reply(now, send, null, new Result.NotRun(RefusedReason.BUSY, 5));
            assertThat(actions).isEmpty();
            assertThat(calls.nextWakeNanos() - now).isBetween(1L, 8_000_000L);
            now = calls.nextWakeNanos();
            advance(now);
        }
        assertThat(onlyEnd()).isEqualTo(new Outcome.Refused<>(RefusedReason.BUSY, 5));
        assertThat(attempts).isGreaterThan(100);
        assertThat(calls.inFlight()).isZero();
    }

    @Test
    void noSuchProcess_isNotTriedAgain() {
        install();
        on(0, new CallEvent.Connected(two, 1));
        Request request =
                new Request(9, null, 2L << 48 | 77, null, DEADLINE, false, List.of(), Bytes.EMPTY, null, BODY, null);
        on(0, new CallEvent.Submitted(request));
        Send send = onlySend();
        assertThat(send.call().to()).isNull();
        assertThat(send.call().address()).isEqualTo(2L << 48 | 77);
        reply(0, send, null, new Result.NotRun(RefusedReason.NO_SUCH_PROCESS, 0));
        assertThat(onlyEnd()).isEqualTo(new Outcome.Refused<>(RefusedReason.NO_SUCH_PROCESS, 0));
        harbor.expel(two);
        install();
        on(0, new CallEvent.Submitted(request));
        assertThat(onlyEnd()).isEqualTo(new Outcome.Refused<>(RefusedReason.NO_SUCH_PROCESS, 0));
    }

    @Test
    void suspended_sendsNothing_deliversNothing_endsNothing_untilItResumes_rule13() {
        Grant grant = harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Submitted(call(1)));
        Send answered = onlySend();
        on(0, new CallEvent.Submitted(call(1)));
        Send unanswered = onlySend();
        mayAct = false;
        reply(1, answered, grant, value("late"));
        on(1, new CallEvent.Submitted(call(1)));
        advance(DEADLINE + 1);
        assertThat(actions).isEmpty();
        assertThat(calls.nextWakeNanos()).isEqualTo(DEADLINE + 1 + limits.pollNanos());
        mayAct = true;
        on(DEADLINE + 2, new CallEvent.Resumed());
        assertThat(actions)
                .containsExactlyInAnyOrder(
                        new Ended(answered.request(), new Outcome.Done<>(Bytes.utf8("late")), 0),
                        new Ended(unanswered.request(), new Outcome.Unknown<>(Cause.DEADLINE), 2),
                        new Ended(call(1), new Outcome.Refused<>(RefusedReason.STOPPED, 0), 3));
    }

    @Test
    @Tag("S2.13")
    void replyOfOlderEpoch_isUnknown_rule17() {
        Grant old = harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Submitted(call(1)));
        Send send = onlySend();
        harbor.run(1, three);
        install();
        reply(1, send, old, value("from the past"));
        assertThat(onlyEnd()).isEqualTo(new Outcome.Unknown<>(Cause.OWNER_REPLACED));
    }

    @Test
    void replyOfNewerEpoch_waitsForThatView_rule17() {
        harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Submitted(call(1)));
        Grant newer = harbor.run(1, two);
        reply(1, onlySend(), newer, value("from the future"));
        assertThat(actions).isEmpty();
        install();
        assertThat(onlyEnd()).isEqualTo(new Outcome.Done<>(Bytes.utf8("from the future")));
    }

    @Test
    void replyOnAnotherConnection_isNotThisCallsReply_rule17() {
        Grant grant = harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 3));
        on(0, new CallEvent.Submitted(call(1)));
        Send send = onlySend();
        on(1, new CallEvent.Replied(two, 1, new Reply(-send.call().session(), grant, value("1"))));
        assertThat(actions).isEmpty();
        on(1, new CallEvent.Replied(three, 3, new Reply(-send.call().session(), null, value("3"))));
        assertThat(actions).isEmpty();
    }

    @Test
    void callerLosesItsSlot_itsAnswerIsUnknown_andNothingMoreIsSentForIt_rule17() {
        Grant mine = harbor.run(2, self);
        Grant grant = harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Submitted(call(1).onBehalfOf(mine)));
        Send send = onlySend();
        harbor.run(2, three);
        install();
        reply(1, send, grant, value("too late"));
        assertThat(onlyEnd()).isEqualTo(new Outcome.Unknown<>(Cause.CALLER_REPLACED));
        on(1, new CallEvent.Submitted(call(1).onBehalfOf(mine)));
        assertThat(onlyEnd()).isEqualTo(new Outcome.Refused<>(RefusedReason.STOPPED, 0));
    }

    @Test
    void withOperationId_isTriedAgainInDoubt_underTheSameId_andIsNeverRefusedAfterwards() {
        OperationId id = new OperationId(4, 2);
        harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Submitted(call(1).withOperation(id)));
        Send first = onlySend();
        on(1, new CallEvent.Disconnected(two, 1, "reset by peer"));
        assertThat(actions).containsExactly(new Connect(two));
        on(2, new CallEvent.Connected(two, 3));
        Send second = onlySend();
        assertThat(second.call().operation()).isEqualTo(id);
        assertThat(second.call().session()).isNotEqualTo(first.call().session());
        reply(3, second, null, new Result.NotRun(RefusedReason.TOO_OLD, 0));
        assertThat(onlyEnd()).isEqualTo(new Outcome.Unknown<>(Cause.CONNECTION_CLOSED));
    }

    @Test
    void withOperationId_isUnknownOnlyAtTheDeadline() {
        harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Submitted(call(1).withOperation(new OperationId(4, 2))));
        harbor.expel(two);
        harbor.free(1);
        install();
        assertThat(actions).isEmpty();
        advance(DEADLINE);
        assertThat(onlyEnd()).isEqualTo(new Outcome.Unknown<>(Cause.PEER_EXPELLED));
    }

    @Test
    void fullTables_refuseBusy() {
        for (int i = 0; i < 32; i++) {
            on(0, new CallEvent.Submitted(call(1)));
            assertThat(actions).isEmpty();
        }
        on(0, new CallEvent.Submitted(call(1)));
        assertThat(onlyEnd()).isEqualTo(new Outcome.Refused<>(RefusedReason.BUSY, 0));
        harbor.run(2, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        for (int i = 32; i < 64; i++) {
            on(0, new CallEvent.Submitted(call(2)));
            onlySend();
        }
        on(0, new CallEvent.Submitted(call(2)));
        assertThat(onlyEnd()).isEqualTo(new Outcome.Refused<>(RefusedReason.BUSY, 0));
        assertThat(calls.inFlight()).isEqualTo(64);
    }

    @Test
    void nodeStops_everyCallEnds_rule15() {
        harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Submitted(call(1)));
        on(0, new CallEvent.Submitted(call(2)));
        on(1, new CallEvent.Stopped());
        assertThat(actions)
                .containsExactly(
                        new Ended(call(1), new Outcome.Unknown<>(Cause.STOPPED), 1),
                        new Ended(call(2), new Outcome.Refused<>(RefusedReason.STOPPED, 0), 2));
        on(2, new CallEvent.Submitted(call(1)));
        assertThat(onlyEnd()).isEqualTo(new Outcome.Refused<>(RefusedReason.STOPPED, 0));
    }

    @Test
    @Tag("S4.11")
    void loopsShareAConnection_eachUsesEveryNthSession() {
        harbor.run(1, two);
        calls = new Calls(
                limits, judge, new MarkSet(), Table.of(harbor.view(), self), new SplittableRandom(7), 2, 3, 1);
        on(0, new CallEvent.Connected(two, 1));
        for (int i = 0; i < 40; i++) {
            on(0, new CallEvent.Submitted(call(1)));
            assertThat(-onlySend().call().session()).isEqualTo(2 + 3 * i);
        }
    }
}
