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
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// One call table is told what its loop would tell it, and the actions are read. Time is a number that each test moves;
// node 1
// calls, nodes 2 and 3 own the slots of "role".
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

    void reply(long now, Send send, Grant from, Result result) {
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
        on(1, new CallEvent.Disconnected(two, 1));
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
    @Tag("S2.10")
    void calleesException_isFailed_rule17() {
        Grant grant = harbor.run(1, two);
        install();
        on(0, new CallEvent.Connected(two, 1));
        on(0, new CallEvent.Submitted(call(1)));
        reply(1, onlySend(), grant, new Result.Error("Denied", "no gold"));
        assertThat(onlyEnd()).isEqualTo(new Outcome.Failed<>("Denied", "no gold"));
    }
}
