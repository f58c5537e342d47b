package dev.berth.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.CallAction.Ended;
import dev.berth.core.call.CallAction.Send;
import dev.berth.core.call.PeerMessage.Reply;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.machine.Machine;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// Calls to a hidden node are submitted, answered, left alone and cut off; the actions are read.
@Tag("S4.21")
class GuestCallsTest {
    private static final long ADDRESS = Address.of(new NodeId(2), 7).value();

    private final AtomicBoolean mayAct = new AtomicBoolean(true);
    private final GuestCalls calls = new GuestCalls(new Judge(_ -> mayAct.get()), Incarnation.NONE, 3);
    private final List<CallAction> actions = new ArrayList<>();

    private static Request request(long deadline) {
        return new Request(
                1, null, ADDRESS, null, deadline, false, List.of(5L), Bytes.EMPTY, null, Bytes.utf8("hi"), null);
    }

    private void on(GuestEvent event) {
        actions.clear();
        calls.on(100, event, actions::add);
    }

    private void submit(Request request) {
        on(new GuestEvent.Submitted(request));
    }

    private static Ended ended(Request request, Outcome<Bytes> outcome) {
        return new Ended(request, outcome, 0);
    }

    @Test
    void callIsSent_withWhatIsLeftOfItsTime_andEndsAsItIsAnswered() {
        Request request = request(1_000);
        List<Result> results = List.of(
                new Result.Value(Bytes.utf8("yes")),
                new Result.Error("KeyError", "no"),
                new Result.NotRun(RefusedReason.BUSY, 9));
        List<Outcome<Bytes>> outcomes = List.of(
                new Outcome.Done<>(Bytes.utf8("yes")),
                new Outcome.Failed<>("KeyError", "no"),
                new Outcome.Refused<>(RefusedReason.BUSY, 9));
        for (int i = 0; i < results.size(); i++) {
            submit(request);
            PeerMessage.Call call = new PeerMessage.Call(
                    -1 - i, null, null, ADDRESS, 900, List.of(5L), Bytes.EMPTY, null, Bytes.utf8("hi"));
            assertThat(actions).containsExactly(new Send(Incarnation.NONE, 3, call, request));
            Reply reply = new Reply(1 + i, null, results.get(i));
            on(new GuestEvent.Replied(reply));
            assertThat(actions).containsExactly(ended(request, outcomes.get(i)));
            on(new GuestEvent.Replied(reply));
            assertThat(actions).as("once").isEmpty();
        }
        assertThat(calls.nextWakeNanos()).isEqualTo(Machine.NEVER);
    }

    @Test
    void messageWantsNoAnswer_isDoneWhenItIsSent() {
        Request message = request(1_000).asOneWay();
        submit(message);

        assertThat(actions).hasSize(2).last().isEqualTo(ended(message, new Outcome.Done<>(Bytes.EMPTY)));
        assertThat(((Send) actions.getFirst()).call().session()).isZero();
    }

    @Test
    void connectionEnds_whatWasSentIsUnknown_whatComesLaterIsRefused() {
        Request first = request(1_000);
        Request second = request(2_000);
        submit(first);
        submit(second);
        on(new GuestEvent.Closed());
        Outcome<Bytes> unknown = new Outcome.Unknown<>(Outcome.Cause.CONNECTION_CLOSED);
        assertThat(actions).containsExactly(ended(first, unknown), ended(second, unknown));

        submit(first);
        assertThat(actions).containsExactly(ended(first, new Outcome.Refused<>(RefusedReason.CLOSED, 0)));
    }

    @Test
    void deadlinePasses_callIsUnknown_andItsAnswerIsTooLate() {
        Request late = request(1_000);
        submit(request(2_000));
        submit(late);
        assertThat(calls.nextWakeNanos()).isEqualTo(1_000);
        actions.clear();
        calls.advance(1_000, actions::add);
        assertThat(actions).containsExactly(ended(late, new Outcome.Unknown<>(Outcome.Cause.DEADLINE)));

        on(new GuestEvent.Replied(new Reply(2, null, new Result.Value(Bytes.EMPTY))));
        assertThat(actions).isEmpty();
        submit(request(100));
        assertThat(actions).containsExactly(ended(request(100), new Outcome.Refused<>(RefusedReason.TIMED_OUT, 0)));
    }

    @Test
    void tooManyUnderWay_orMayNotAct_isRefused() {
        for (int i = 0; i < GuestCalls.UNDER_WAY_MAX; i++) {
            submit(request(1_000));
        }
        submit(request(1_000));
        assertThat(actions).containsExactly(ended(request(1_000), new Outcome.Refused<>(RefusedReason.BUSY, 0)));
        on(new GuestEvent.Replied(new Reply(5, null, new Result.Value(Bytes.EMPTY))));
        submit(request(1_000));
        assertThat(actions).as("there is room").first().isInstanceOf(Send.class);

        mayAct.set(false);
        on(new GuestEvent.Replied(new Reply(6, null, new Result.Value(Bytes.EMPTY))));
        submit(request(1_000));
        assertThat(actions).containsExactly(ended(request(1_000), new Outcome.Refused<>(RefusedReason.STOPPED, 0)));
    }
}
