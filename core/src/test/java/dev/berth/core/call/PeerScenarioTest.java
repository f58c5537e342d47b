package dev.berth.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.call.AdmissionAction.Dropped;
import dev.berth.core.call.Outcome.Cause;
import dev.berth.core.call.PeerMessage.Reply;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.call.PeerMessage.Result.NotRun;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// The two scenarios of the rules that happen between peers, each also with the measure taken away that prevents the
// harm.
class PeerScenarioTest {
    /** A slot goes from node 2 to node 3 and back; what was said under its first epoch arrives after that. */
    @Nested
    class Scenario22 {
        final Harbor harbor = new Harbor();
        final Incarnation caller = harbor.join(1);
        final Incarnation owner = harbor.join(2);
        final Incarnation other = harbor.join(3);
        final Grant first = harbor.run(1, owner);
        final Table atFirst = Table.of(harbor.view(), caller);
        final Grant second = harbor.run(1, other);
        final Grant third = harbor.run(1, owner);
        final Table now = Table.of(harbor.view(), caller);
        final List<Object> actions = new ArrayList<>();

        Judge sound() {
            return new Judge(_ -> true);
        }

        Judge withoutSlotCheckOfSenders() {
            return new Judge(_ -> true) {
                @Override
                protected Standing slotIsCurrent(Table table, Incarnation sender, @Nullable Grant from) {
                    return Standing.CURRENT;
                }
            };
        }

        Judge withoutOwnSlotCheck() {
            return new Judge(_ -> true) {
                @Override
                protected Verdict mayDispatch(Table table, Grant to) {
                    return Verdict.RUN;
                }
            };
        }

        void receiveCall(Judge judge) {
            Table atOwner = Table.of(harbor.view(), owner).serving(third);
            Admission admission =
                    new Admission(AdmissionLimits.DEFAULT, judge, new MarkSet(), atOwner, caller, false, 1);
            admission.received(0, AdmissionTest.call(-1, first, null), actions::add);
        }

        void receiveOneWay(Judge judge) {
            Admission admission = new Admission(AdmissionLimits.DEFAULT, judge, new MarkSet(), now, owner, false, 1);
            admission.received(0, AdmissionTest.call(0, null, first), actions::add);
        }

        void receiveReply(Judge judge) {
            Calls calls = new Calls(CallLimits.DEFAULT, judge, new MarkSet(), atFirst, new SplittableRandom(1));
            calls.on(0, new CallEvent.Connected(owner, 1), actions::add);
            calls.submit(0, Request.toSlot(9, Harbor.slot(1), 1_000, Bytes.EMPTY), actions::add);
            calls.on(0, new CallEvent.Installed(now), actions::add);
            actions.clear();
            calls.replied(0, owner, 1, new Reply(1, first, new Result.Value(Bytes.EMPTY)), actions::add);
        }

        @Test
        @Tag("S2.13")
        void call_isSentBackToWaitForTheView() {
            receiveCall(sound());
            NotRun moved = new NotRun(RefusedReason.MOVED, harbor.view().number());
            assertThat(actions).containsExactly(new AdmissionAction.Send(1, new Reply(1, null, moved)));
        }

        @Test
        void call_withoutTheCheckOfTheOwnSlot_runsUnderTheWrongEpoch() {
            receiveCall(withoutOwnSlotCheck());
            assertThat(actions).hasSize(1).first().isInstanceOf(Dispatch.class);
        }

        @Test
        @Tag("S2.13")
        void oneWayMessage_isDropped() {
            receiveOneWay(sound());
            assertThat(actions).hasSize(1).first().isInstanceOf(Dropped.class);
        }

        @Test
        void oneWayMessage_withoutTheCheckOfTheSendersSlot_isHeard() {
            receiveOneWay(withoutSlotCheckOfSenders());
            assertThat(actions).hasSize(1).first().isInstanceOf(Dispatch.class);
        }

        @Test
        @Tag("S2.13")
        void reply_leavesTheCallUnknown() {
            receiveReply(sound());
            assertThat(((CallAction.Ended) actions.getFirst()).outcome())
                    .isEqualTo(new Outcome.Unknown<>(Cause.OWNER_REPLACED));
        }

        @Test
        void reply_withoutTheCheckOfTheSendersSlot_isTakenForTheThirdEpochs() {
            receiveReply(withoutSlotCheckOfSenders());
            assertThat(((CallAction.Ended) actions.getFirst()).outcome()).isInstanceOf(Outcome.Done.class);
        }
    }

    /** Node 2 cannot act, so what node 1 sent is unread when their connection breaks; they connect again; node 2 wakes. */
    @Nested
    class Scenario23 {
        Logbook run(Function<LongPredicate, Judge> judge) {
            Flotilla sea = new Flotilla(Flotilla.Rig.SOUND.with(judge), 23);
            sea.log.faultless = false;
            Vessel caller = sea.join(1);
            Vessel owner = sea.join(2);
            sea.run(1, owner);
            sea.runFor(200 * Flotilla.MILLI);
            submit(sea, caller, null);
            sea.runFor(200 * Flotilla.MILLI);
            owner.suspended = true;
            submit(sea, caller, null);
            submit(sea, caller, new OperationId(1, 1));
            sea.runFor(50 * Flotilla.MILLI);
            Vessel.reset(caller.ends.get(1));
            sea.runFor(200 * Flotilla.MILLI);
            owner.resume();
            sea.runFor(5_000 * Flotilla.MILLI);
            sea.log.atTheEnd();
            assertThat(sea.log.violations).isEmpty();
            return sea.log;
        }

        private void submit(Flotilla sea, Vessel caller, @Nullable OperationId id) {
            Request request = Request.toSlot(7, Flotilla.slot(1), sea.now + 2_000 * Flotilla.MILLI, sea.log.nextBody());
            caller.submit(id == null ? request : request.withOperation(id));
        }

        @Test
        @Tag("D13")
        void plainCallIsUnknownAndNeverRuns_retryWithOperationIdRunsOnce() {
            Logbook log = run(Judge::new);
            assertThat(log.entry("0").outcome).isInstanceOf(Outcome.Done.class);
            assertThat(log.entry("1").outcome).isEqualTo(new Outcome.Unknown<>(Cause.CONNECTION_CLOSED));
            assertThat(log.entry("1").runs).isZero();
            assertThat(log.entry("2").outcome).isInstanceOf(Outcome.Done.class);
            assertThat(log.entry("2").runs).isEqualTo(1);
        }

        @Test
        void withoutTheCheckOfTheConnection_theUnreadRunsToo() {
            Logbook log = run(mayAct -> new Judge(mayAct) {
                @Override
                protected boolean connectionIsCurrent(long connection, long current) {
                    return true;
                }
            });
            assertThat(log.entry("1").runs).isEqualTo(1);
            assertThat(log.entry("2").runs).isEqualTo(2);
        }
    }
}
