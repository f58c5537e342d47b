package dev.berth.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.CallAction.Ended;
import dev.berth.core.call.CallAction.Send;
import dev.berth.core.call.CallStep.Kind;
import dev.berth.core.call.PeerMessage.Reply;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.machine.Backoff;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

// Calls end in each of the ways, and the table is asked what it remembers: of what went well nothing, of the rest
// every step, the latest 1,024.
class CallLogTest {
    private static final long MS = 1_000_000;
    private static final long DEADLINE = 500 * MS;

    private final Harbor harbor = new Harbor();
    private final Incarnation self = harbor.join(1);
    private final Incarnation two = harbor.join(2);
    private final List<CallAction> actions = new ArrayList<>();
    private final Calls calls = new Calls(
            new CallLimits(64, 32, new Backoff(MS, 8 * MS), 20 * MS),
            new Judge(_ -> true),
            new MarkSet(),
            Table.of(harbor.view(), self),
            new SplittableRandom(7));

    private void on(long now, CallEvent event) {
        actions.clear();
        calls.on(now, event, actions::add);
    }

    private void install(long now) {
        on(now, new CallEvent.Installed(Table.of(harbor.view(), self)));
    }

    private static Request call(long deadline) {
        return Request.toSlot(99, Harbor.slot(1), deadline, Bytes.utf8("body"));
    }

    private Send send() {
        return actions.stream()
                .filter(Send.class::isInstance)
                .map(Send.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private Ended ended() {
        return actions.stream()
                .filter(Ended.class::isInstance)
                .map(Ended.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private CallStory story() {
        return calls.log().find(ended().call()).getFirst();
    }

    private void reply(long now, Send send, Grant from, Result result) {
        Reply reply = new Reply(-send.call().session(), from, result);
        on(now, new CallEvent.Replied(send.peer(), send.connection(), reply));
    }

    private Grant connected() {
        Grant grant = harbor.run(1, two);
        install(0);
        on(0, new CallEvent.Connected(two, 5));
        return grant;
    }

    @Test
    void callThatEndsAsDone_heldOrNot_leavesNothing() {
        on(0, new CallEvent.Submitted(call(DEADLINE)));
        Grant grant = harbor.run(1, two);
        install(1);
        on(2, new CallEvent.Connected(two, 5));
        reply(10 * MS, send(), grant, new Result.Value(Bytes.utf8("yes")));

        assertThat(ended().call()).isZero();
        assertThat(calls.log().newest(10)).isEmpty();
    }

    @Test
    void slotThatNobodyOwns_isNamedAsWhatWasWaitedFor() {
        on(MS, new CallEvent.Submitted(call(DEADLINE)));
        actions.clear();
        calls.advance(DEADLINE, actions::add);

        CallStory story = story();
        assertThat(story.to()).isEqualTo(Harbor.slot(1).toString());
        assertThat(story.beganNanos()).isEqualTo(MS);
        assertThat(story.endedNanos()).isEqualTo(DEADLINE);
        assertThat(story.end()).isEqualTo("Refused NO_OWNER: it surely did not run");
        assertThat(story.steps()).singleElement().satisfies(step -> {
            assertThat(step.kind()).isEqualTo(Kind.HELD);
            assertThat(step.atNanos()).isEqualTo(MS);
        });
    }

    @Test
    void closedConnection_isToldWithItsCause_afterTheAttemptThatItEnded() {
        Grant grant = connected();
        on(3 * MS, new CallEvent.Submitted(call(DEADLINE)));
        on(9 * MS, new CallEvent.Disconnected(two, 5, "reset by peer"));

        CallStory story = story();
        long view = harbor.view().number();
        assertThat(story.end()).isEqualTo("Unknown CONNECTION_CLOSED: it may have run");
        assertThat(story.steps())
                .containsExactly(
                        new CallStep(
                                3 * MS,
                                Kind.SENT,
                                "to " + two + " under epoch " + grant.epoch() + ", connection 5, in view " + view),
                        new CallStep(
                                9 * MS,
                                Kind.LOST,
                                "at " + two + " under epoch " + grant.epoch()
                                        + ", connection 5: CONNECTION_CLOSED, reset by peer, in view " + view));
    }

    @Test
    void refusedTimeAndAgain_tellsTheFirstAndTheLastSteps_andHowManyAreLeftOut() {
        Grant grant = connected();
        on(0, new CallEvent.Submitted(call(DEADLINE)));
        long now = 0;
        int refusals = 0;
        while (refusals < 20) {
            reply(now, send(), grant, new Result.NotRun(RefusedReason.BUSY, 0));
            refusals++;
            do {
                now += MS;
                actions.clear();
                calls.advance(now, actions::add);
            } while (actions.isEmpty());
        }
        actions.clear();
        calls.advance(DEADLINE, actions::add);

        CallStory story = story();
        assertThat(story.steps()).hasSize(CallStory.STEPS_MAX);
        assertThat(story.leftOut()).isEqualTo(20 * 3 + 1 - CallStory.STEPS_MAX);
        assertThat(story.steps().getFirst().kind()).isEqualTo(Kind.SENT);
        assertThat(story.steps().get(1).detail()).contains("BUSY");
        assertThat(story.steps().getLast().kind()).isEqualTo(Kind.SENT);
        assertThat(story.end()).startsWith("Unknown DEADLINE");
    }

    @Test
    void slowCall_isKept_thoughItEndedAsDone() {
        Grant grant = connected();
        on(0, new CallEvent.Submitted(call(10 * CallLog.SLOW_NANOS)));
        reply(CallLog.SLOW_NANOS + 1, send(), grant, new Result.Value(Bytes.utf8("yes")));

        assertThat(ended().call()).isZero();
        assertThat(calls.log().newest(10)).singleElement().satisfies(story -> {
            assertThat(story.end()).isEqualTo("Done, but slow");
            assertThat(story.steps()).singleElement().matches(step -> step.kind() == Kind.SENT);
        });
    }

    @Test
    void failure_isQuoted_butNotItsWholeLength() {
        Grant grant = connected();
        on(0, new CallEvent.Submitted(call(DEADLINE)));
        reply(MS, send(), grant, new Result.Error("IllegalState", "x".repeat(5_000)));

        assertThat(story().end()).startsWith("Failed IllegalState: xxx").hasSizeLessThan(300);
    }

    @Test
    void log_keepsTheLatest_andForgetsTheOldest() {
        for (int i = 1; i <= CallLog.KEPT_MAX + 5; i++) {
            on(DEADLINE, new CallEvent.Submitted(call(DEADLINE)));
            assertThat(ended().call()).isEqualTo(i);
        }

        assertThat(calls.log().find(5)).isEmpty();
        assertThat(calls.log().find(6))
                .singleElement()
                .matches(story -> story.end().equals("Refused TIMED_OUT at once"));
        assertThat(calls.log().newest(CallLog.KEPT_MAX * 2))
                .hasSize(CallLog.KEPT_MAX)
                .first()
                .matches(story -> story.call() == CallLog.KEPT_MAX + 5);
    }
}
