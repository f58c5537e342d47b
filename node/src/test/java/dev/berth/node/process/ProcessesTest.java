package dev.berth.node.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.Address;
import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.wire.Bytes;
import dev.berth.node.plane.CallEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// Processes of one node without a cluster. What is said of them is made to happen by latches; nothing depends on speed.
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ProcessesTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final AtomicBoolean mayRun = new AtomicBoolean(true);
    private final Processes processes = new Processes(Address.of(new NodeId(4), 1 << 24), 2, mayRun::get);

    @AfterEach
    void close() {
        processes.close();
    }

    private record Ask(int number) implements Asks<Integer> {}

    private record Next() implements Asks<Integer> {}

    private ProcessRef<Object> latched(CountDownLatch latch) {
        return processes.spawn(_ -> (_, _) -> {
            latch.await();
            return 0;
        });
    }

    @Test
    @Tag("S4.1")
    @Tag("S4.14")
    void question_isAnswered_byReference() {
        record Same(Object what) implements Asks<Object> {}
        Object what = new Object();
        ProcessRef<Same> echo = processes.spawn(_ -> (_, same) -> same.what());

        assertThat(echo.call(new Same(what), LONG)).isSameAs(what);
        assertThat(echo.address().node()).isEqualTo(new NodeId(4));
    }

    @Test
    @Tag("S4.10")
    void manySendToOne_itRunsOneAtATime_andKeepsTheOrderOfEach() throws Exception {
        record Numbered(int sender, int number) {}
        int senders = 8;
        int each = 2_000;
        int[] next = new int[senders];
        int[] count = {0};
        List<String> disorder = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(senders * each);
        ProcessRef<Numbered> counter = processes.spawn(_ -> (_, numbered) -> {
            if (next[numbered.sender()]++ != numbered.number()) {
                disorder.add(numbered.toString());
            }
            count[0]++;
            all.countDown();
            return null;
        });
        for (int i = 0; i < senders; i++) {
            int sender = i;
            Thread.startVirtualThread(() -> {
                for (int number = 0; number < each; number++) {
                    sendUntilTaken(counter, new Numbered(sender, number));
                }
            });
        }
        all.await();

        assertThat(count[0]).isEqualTo(senders * each);
        assertThat(disorder).isEmpty();
    }

    @SuppressWarnings("ThreadPriorityCheck") // a virtual thread that spins would keep its processor from the others
    private static <M> void sendUntilTaken(ProcessRef<M> to, M message) {
        while (true) {
            try {
                to.send(message);
                return;
            } catch (ProcessBusyException full) {
                Thread.yield();
            }
        }
    }

    @Test
    @SuppressWarnings("ThreadPriorityCheck") // the same
    void mailboxFull_senderIsTold_callIsRefused_andAnswersStillCome() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        int[] done = {0};
        ProcessRef<Object> slow = processes.spawn(_ -> (_, _) -> {
            entered.countDown();
            gate.await();
            return ++done[0];
        });
        slow.send("first");
        entered.await();
        int taken = 0;
        while (true) {
            try {
                slow.send("more");
                taken++;
            } catch (ProcessBusyException full) {
                assertThat(full)
                        .hasMessageContaining("4096")
                        .hasMessageContaining(slow.address().toString());
                break;
            }
        }
        assertThat(taken).isEqualTo(4_096);
        assertThatThrownBy(() -> slow.call(new Ask(1), LONG))
                .isInstanceOfSatisfying(
                        CallException.class,
                        refused ->
                                assertThat(refused.outcome()).isEqualTo(new Outcome.Refused<>(RefusedReason.BUSY, 0)));
        gate.countDown();
        while (true) {
            try {
                assertThat(slow.call(new Ask(1), LONG)).isEqualTo(1 + taken + 1);
                return;
            } catch (CallException stillFull) {
                Thread.yield();
            }
        }
    }

    @Test
    @Tag("S4.17")
    @Tag("D13")
    void answersThatDoNotCome_andHandlersThatThrow_endTheCall() {
        CountDownLatch never = new CountDownLatch(1);
        ProcessRef<Object> stuck = latched(never);
        stuck.send("occupy it");
        assertThatThrownBy(() -> stuck.call(new Ask(1), SHORT))
                .isInstanceOfSatisfying(
                        CallException.class,
                        unknown ->
                                assertThat(unknown.outcome()).isEqualTo(new Outcome.Unknown<>(Outcome.Cause.DEADLINE)));
        never.countDown();

        ProcessRef<Ask> thrower = processes.spawn(_ -> (_, ask) -> {
            if (ask.number() == 0) {
                throw new IllegalStateException("zero");
            }
            return ask.number();
        });
        assertThatThrownBy(() -> thrower.call(new Ask(0), LONG))
                .isInstanceOf(CallException.class)
                .hasMessageContaining("IllegalStateException")
                .hasMessageContaining("zero")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(thrower.call(new Ask(7), LONG)).as("it goes on").isEqualTo(7);
    }

    @Test
    void callThatWaitedTooLong_isNotRun() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        LinkedBlockingQueue<Object> ran = new LinkedBlockingQueue<>();
        ProcessRef<Object> slow = processes.spawn(_ -> (_, message) -> {
            ran.add(message);
            gate.await();
            return 0;
        });
        slow.send("first");
        assertThatThrownBy(() -> slow.call(new Ask(1), SHORT)).isInstanceOf(CallException.class);
        slow.send("last");
        gate.countDown();

        assertThat(ran.take()).isEqualTo("first");
        assertThat(ran.take()).as("the call is left out").isEqualTo("last");
    }

    @Test
    @Tag("S4.22")
    void thousandBlockedHandlers_stopNobody() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1_000);
        for (int i = 0; i < 1_000; i++) {
            processes
                    .spawn(_ -> (_, _) -> {
                        blocked.countDown();
                        never.await();
                        return null;
                    })
                    .send("block");
        }
        blocked.await();
        ProcessRef<Ask> quick = processes.spawn(_ -> (_, ask) -> ask.number());
        CompletableFuture<Object> told = new CompletableFuture<>();
        ProcessRef<Object> sent = processes.spawn(_ -> (_, message) -> told.complete(message));
        sent.send("sent");

        assertThat(told.get()).isEqualTo("sent");
        assertThat(quick.call(new Ask(3), LONG)).isEqualTo(3);
        never.countDown();
    }

    @Test
    void processesAskEachOther_deep_andSideBySide() throws Exception {
        ProcessRef<Ask> last = processes.spawn(_ -> (_, ask) -> ask.number());
        for (int i = 0; i < 40; i++) {
            ProcessRef<Ask> inner = last;
            last = processes.spawn(_ -> (_, ask) -> 1 + inner.call(ask, LONG));
        }
        ProcessRef<Ask> outer = last;
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            CompletableFuture<Integer> answer = new CompletableFuture<>();
            answers.add(answer);
            int number = i;
            Thread.startVirtualThread(() -> answer.complete(outer.call(new Ask(number), LONG)));
        }
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get()).isEqualTo(i + 40);
        }
    }

    /** Asks whoever it is told to. */
    private record AskHim(ProcessRef<?> other, boolean back) implements Asks<Object> {}

    private ProcessRef<AskHim> asker() {
        return processes.spawn(_ -> ProcessesTest::askHim);
    }

    @SuppressWarnings("unchecked")
    private static Object askHim(Self<AskHim> self, AskHim ask) {
        return ask.back()
                ? ((ProcessRef<AskHim>) ask.other()).call(new AskHim(self.ref(), false), LONG)
                : ((ProcessRef<Next>) ask.other()).call(new Next(), LONG);
    }

    @Test
    void whoAsksThoseWhoWaitForHim_isToldAtOnce_withBothNamesAndTheRemedy() {
        ProcessRef<AskHim> a = asker();
        ProcessRef<AskHim> b = asker();

        assertThatThrownBy(() -> a.call(new AskHim(b, true), LONG))
                .hasMessageContaining(CallCycleException.class.getSimpleName())
                .hasMessageContaining(a.address().toString())
                .hasMessageContaining(b.address().toString())
                .hasMessageContaining("@OneWay")
                .hasMessageContaining("@Reentrant");
        assertThatThrownBy(() -> a.call(new AskHim(a, false), LONG)).hasMessageContaining("CallCycleException");
    }

    /** Answers what became of asking the other. */
    private record Cross(@Nullable ProcessRef<Cross> other, LinkedBlockingQueue<String> ends)
            implements Asks<Integer> {}

    @Test
    void twoWhoAskEachOtherAtOnce_doNotWaitForEver() throws Exception {
        for (int i = 0; i < 500; i++) {
            LinkedBlockingQueue<String> ends = new LinkedBlockingQueue<>();
            Behavior<Cross> crossing = (_, cross) -> {
                if (cross.other() == null) {
                    return 1;
                }
                try {
                    return cross.other().call(new Cross(null, ends), LONG);
                } catch (CallCycleException cycle) {
                    return 2;
                } finally {
                    ends.add("end");
                }
            };
            ProcessRef<Cross> a = processes.spawn(_ -> crossing);
            ProcessRef<Cross> b = processes.spawn(_ -> crossing);
            a.send(new Cross(b, ends));
            b.send(new Cross(a, ends));

            assertThat(ends.take()).isEqualTo("end");
            assertThat(ends.take()).isEqualTo("end");
        }
    }

    @Reentrant
    private static final class Room implements Behavior<Object> {
        private int number = 1;

        @Override
        @SuppressWarnings("unchecked")
        public Object on(Self<Object> self, Object message) {
            if (message instanceof AskHim ask) {
                number = 5;
                return ((ProcessRef<AskHim>) ask.other()).call(new AskHim(self.ref(), false), LONG);
            }
            return number;
        }
    }

    @Test
    void reentrantProcess_takesQuestionsOfThoseItWaitsFor() {
        ProcessRef<Object> room = processes.spawn(_ -> new Room());
        ProcessRef<AskHim> b = asker();

        assertThat(room.call(new AskHim(b, true), LONG))
                .as("b asks back, and sees what the room has changed")
                .isEqualTo(5);
    }

    @Test
    void timersTell_andCanBeCancelled() throws Exception {
        LinkedBlockingQueue<Object> told = new LinkedBlockingQueue<>();
        ProcessRef<Object> process = processes.spawn(self -> {
            self.after(Duration.ofMillis(1), "later");
            Timer tick = self.every(Duration.ofMillis(1), "tick");
            int[] ticks = {0};
            return (_, message) -> {
                told.add(message);
                if (message.equals("tick") && ++ticks[0] == 3) {
                    tick.cancel();
                    self.after(Duration.ofMillis(40), "end");
                }
                return null;
            };
        });

        List<Object> all = new ArrayList<>();
        for (Object message = told.take(); !message.equals("end"); message = told.take()) {
            all.add(message);
        }
        assertThat(all).containsExactlyInAnyOrder("later", "tick", "tick", "tick");
        assertThat(process.address()).isNotNull();
    }

    @Test
    void answerThatComesLater_ends_theCall_andOthersAreReadMeanwhile() throws Exception {
        LinkedBlockingQueue<Reply<Integer>> open = new LinkedBlockingQueue<>();
        ProcessRef<Object> desk = processes.spawn(_ -> (self, message) -> {
            if (message instanceof Ask) {
                open.add(self.replyLater());
                return null;
            }
            return 1;
        });
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        Thread.startVirtualThread(() -> answer.complete(desk.call(new Ask(7), LONG)));
        Reply<Integer> reply = open.take();
        assertThat(desk.call(new Next(), LONG)).isEqualTo(1);
        reply.answer(42);
        reply.answer(43);

        assertThat(answer.get()).isEqualTo(42);
    }

    @Test
    void processEnds_whatWaitsIsRefused_monitorsHear_andItsAddressHitsNobody() throws Exception {
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        CountDownLatch gate = new CountDownLatch(1);
        ProcessRef<Object> mortal = processes.spawn(_ -> (self, message) -> {
            gate.await();
            self.stop("as asked");
            return message;
        });
        processes.<String>spawn(self -> {
            self.monitor(mortal, cause -> "down: " + cause);
            return (_, message) -> heard.add(message);
        });
        mortal.send("end");
        CompletableFuture<Throwable> waiting = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                mortal.call(new Next(), LONG);
            } catch (CallException refused) {
                waiting.complete(refused);
            }
        });
        gate.countDown();

        assertThat(waiting.get()).hasMessageContaining("NO_SUCH_PROCESS");
        assertThat(heard.take()).isEqualTo("down: as asked");
        assertThat(processes.find(mortal.address().value())).isNull();
        ProcessRef<Object> other = processes.spawn(_ -> (_, _) -> null);
        assertThat(other.address()).isNotEqualTo(mortal.address());
        processes.<String>spawn(self -> {
            self.monitor(mortal, cause -> "late: " + cause);
            return (_, message) -> heard.add(message);
        });
        assertThat(heard.take()).isEqualTo("late: as asked");
    }

    @Test
    @Tag("S1.17")
    void restartPolicies_areKept() throws Exception {
        ProcessRef<Object> anew = processes.spawn(new Restart.Anew(2, Duration.ofHours(1)), _ -> counting());
        assertThat(count(anew)).isEqualTo(1);
        assertThat(count(anew)).isEqualTo(2);
        anew.send("throw");
        assertThat(count(anew)).as("made anew").isEqualTo(1);
        anew.send("throw");
        assertThat(count(anew)).isEqualTo(1);
        anew.send("throw");
        assertThatThrownBy(() -> count(anew)).hasMessageContaining("NO_SUCH_PROCESS");

        ProcessRef<Object> stops = processes.spawn(new Restart.Stop(), _ -> counting());
        stops.send("throw");
        assertThatThrownBy(() -> count(stops)).hasMessageContaining("NO_SUCH_PROCESS");
    }

    private static int count(ProcessRef<Object> of) {
        return of.call(new Next(), LONG);
    }

    private static Behavior<Object> counting() {
        int[] count = {0};
        return (_, message) -> {
            if (message.equals("throw")) {
                throw new IllegalStateException("as asked");
            }
            return ++count[0];
        };
    }

    @Test
    void nodeThatMayNotAct_runsNothing_untilItMayAgain() throws Exception {
        LinkedBlockingQueue<Object> ran = new LinkedBlockingQueue<>();
        ProcessRef<Object> process = processes.spawn(_ -> (_, message) -> ran.add(message));
        mayRun.set(false);
        process.send("held");
        assertThatThrownBy(() -> process.call(new Ask(1), SHORT)).hasMessageContaining("DEADLINE");
        assertThat(ran).isEmpty();

        mayRun.set(true);
        assertThat(ran.take()).isEqualTo("held");
    }

    @Test
    void messagesThatComeWhileItIsMade_wait() throws Exception {
        LinkedBlockingQueue<Object> ran = new LinkedBlockingQueue<>();
        processes.spawn(self -> {
            self.ref().send("early");
            assertThat(ran).isEmpty();
            return (_, message) -> ran.add(message);
        });

        assertThat(ran.take()).isEqualTo("early");
    }

    @Test
    void codeOfAProcess_isOnlyForItself() {
        Self<?>[] leaked = {null};
        processes.spawn(self -> {
            leaked[0] = self;
            return (_, _) -> null;
        });

        assertThatThrownBy(() -> leaked[0].stop("from outside")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void twoThatTalkToEachOther_letAThirdRun() throws Exception {
        int exchanges = 5_000;
        CompletableFuture<Integer> thirdRanAfter = new CompletableFuture<>();
        int[] exchanged = {0};
        try (Processes one = new Processes(Address.of(new NodeId(4), 1 << 24), 1, mayRun::get)) {
            ProcessRef<Object> third = one.spawn(_ -> (_, _) -> thirdRanAfter.complete(exchanged[0]));
            ProcessRef<ProcessRef<?>> left =
                    one.spawn(_ -> (self, other) -> ++exchanged[0] < exchanges ? answer(self.ref(), other) : 0);
            ProcessRef<ProcessRef<?>> right = one.spawn(_ -> (self, other) -> answer(self.ref(), other));
            // From one handler, so that all of it is ready for the same runner.
            one.spawn(_ -> (_, _) -> {
                        third.send("turn");
                        left.send(right);
                        return null;
                    })
                    .send("begin");

            assertThat(thirdRanAfter.get()).isLessThan(exchanges);
        }
    }

    @SuppressWarnings("unchecked") // both take the way to the other
    private static int answer(ProcessRef<?> self, ProcessRef<?> other) {
        ((ProcessRef<ProcessRef<?>>) other).send(self);
        return 1;
    }

    @Test
    void tickWhoseAnswerIsPutOff_isFollowedByOthers() throws Exception {
        LinkedBlockingQueue<Object> ticks = new LinkedBlockingQueue<>();
        processes.spawn(self -> {
            self.every(Duration.ofMillis(1), "tick");
            return (_, message) -> {
                self.replyLater();
                return ticks.add(message);
            };
        });

        assertThat(ticks.take()).isEqualTo("tick");
        assertThat(ticks.take()).isEqualTo("tick");
    }

    @Test
    void whoMonitorsNobody_isToldAtOnce() throws Exception {
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        ProcessRef<Object> nobody = processes.at(Address.of(new NodeId(4), 99));
        processes.<String>spawn(self -> {
            self.monitor(nobody, cause -> cause);
            return (_, message) -> heard.add(message);
        });

        assertThat(heard.take())
                .contains("no process")
                .contains(nobody.address().toString());
    }

    private static void end(Request watch, Outcome<Bytes> outcome) {
        assertThat(watch.context()).isInstanceOfSatisfying(CallEnd.class, end -> end.ended(outcome, ""));
    }

    @Test
    void watchOfAnotherNodesProcess_isAskedAgainWhenItsConnectionBreaks_andBounded() throws Exception {
        LinkedBlockingQueue<Request> asked = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        NodeId other = new NodeId(5);
        Outside outside = new Outside(null, asked::add, Outside.NONE.ask(), Outside.NONE.view());
        try (Processes node = new Processes(Address.of(new NodeId(4), 1 << 24), 2, mayRun::get, outside)) {
            node.<String>spawn(self -> {
                for (int i = 0; i <= Watches.MAX; i++) {
                    self.monitor(node.at(Address.of(other, i)), cause -> cause);
                }
                self.monitor(node.at(Address.of(other, 0)), cause -> "again: " + cause);
                return (_, message) -> heard.add(message);
            });
            assertThat(heard.take()).contains("n5:" + Watches.MAX).contains("is not watched");
            assertThat(asked).as("one question each").hasSize(Watches.MAX);

            Request first = asked.take();
            asked.clear();
            end(first, new Outcome.Unknown<>(Outcome.Cause.CONNECTION_CLOSED));
            assertThat(asked).singleElement().extracting(Request::address).isEqualTo(first.address());
            assertThat(heard).isEmpty();
            end(asked.take(), new Outcome.Unknown<>(Outcome.Cause.PEER_EXPELLED));
            assertThat(heard.take()).isEqualTo("its node has left the cluster");
            assertThat(heard.take()).isEqualTo("again: its node has left the cluster");
            assertThat(asked).isEmpty();
        }
    }
}
