package dev.berth.node.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.Address;
import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.call.Request;
import dev.berth.core.record.RecordBook;
import dev.berth.core.wire.Bytes;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.plane.CallEnd;
import dev.berth.node.worker.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// Two or three nodes of a real cluster in this JVM, with sockets between them. What processes say to those of another
// node is compared with what the same words do inside one; what is slow or full is made so by latches.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BetweenNodesTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(200);

    record Put(String key, String value) implements Asks<String> {}

    record Numbered(int number) {}

    record Hand(List<String> cards) {}

    record Deal(int cards) implements Asks<Hand> {}

    record Listen(ProcessRef<String> ear, List<ProcessRef<?>> others) {}

    /** What only one of the two nodes knows. */
    record Strange(int number) implements Asks<Integer> {}

    /** Asks the next in the list, or answers. */
    record Pass(List<ProcessRef<Pass>> next) implements Asks<Integer> {}

    private static final RecordBook BOOK = Processes.messages("game")
            .with(Put.class, Numbered.class, Hand.class, Deal.class, Listen.class, Pass.class)
            .build();
    private static final RecordBook LARGER = Processes.messages("game")
            .with(Put.class, Numbered.class, Hand.class, Deal.class, Listen.class, Pass.class, Strange.class)
            .build();

    private static DevCluster cluster;
    private static Processes here;
    private static Processes there;
    private static Processes third;

    @BeforeAll
    static void start() throws IOException {
        cluster = DevCluster.start();
        here = node("here", LARGER).processes();
        there = node("there", BOOK).processes();
        third = node("third", BOOK).processes();
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    private static Node node(String name, RecordBook book) throws IOException {
        return cluster.start(cluster.node(name).withMessages(book), Map.of());
    }

    /** As somebody here knows a process that is elsewhere. */
    private static <M> ProcessRef<M> far(ProcessRef<M> process) {
        return here.at(process.address());
    }

    private static Outcome<?> end(Runnable call) {
        CompletableFuture<Outcome<?>> end = new CompletableFuture<>();
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(CallException.class, thrown -> end.complete(thrown.outcome()));
        return end.join();
    }

    @Test
    @Tag("S4.2")
    @Tag("S4.14")
    @Tag("S4.12")
    void questionToAnotherNode_isAnswered_asInsideOne() {
        Map<String, String> data = new ConcurrentHashMap<>();
        ProcessRef<Put> database = there.spawn(_ -> (_, put) -> data.put(put.key(), put.value()));
        ProcessRef<Put> way = far(database);

        assertThat(way.address()).isEqualTo(database.address());
        assertThat(way.address().node())
                .isNotEqualTo(here.spawn(_ -> (_, _) -> null).address().node());
        assertThat(way.call(new Put("xxx", "yyy"), LONG)).isNull();
        assertThat(way.call(new Put("xxx", "zzz"), LONG)).isEqualTo("yyy");
        assertThat(there.<Put>at(database.address())).as("no way round").isSameAs(database);
    }

    @Test
    @Tag("S4.13")
    void bytesNeedNoBook_andRecordsComeBackAsTheyWere() throws Exception {
        LinkedBlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        ProcessRef<Object> own = there.spawn(_ -> (_, message) -> switch (message) {
            case Raw(Bytes bytes) -> Bytes.utf8("+" + bytes.utf8());
            case Deal(int cards) -> new Hand(List.of("card " + cards));
            default -> heard.add(message);
        });
        ProcessRef<Object> way = far(own);

        assertThat(way.call(new Raw(Bytes.utf8("PING")), LONG)).isEqualTo(Bytes.utf8("+PING"));
        assertThat(way.call(new Deal(7), LONG)).isEqualTo(new Hand(List.of("card 7")));
        for (Object said : List.of("text", 7, 7L, true, 0.5, Bytes.utf8("bytes"), new Numbered(1))) {
            way.send(said);
            assertThat(heard.take()).isEqualTo(said);
        }
    }

    @Test
    @Tag("S4.10")
    void messagesOfOneSender_arriveInOrder_eachOnce() throws Exception {
        int count = 3_000;
        LinkedBlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
        ProcessRef<Numbered> ear = far(there.<Numbered>spawn(_ -> (_, numbered) -> heard.add(numbered.number())));
        here.<Integer>spawn(_ -> (_, from) -> {
                    for (int i = from; i < count; i++) {
                        ear.send(new Numbered(i));
                    }
                    return null;
                })
                .send(0);

        for (int i = 0; i < count; i++) {
            assertThat(heard.take()).isEqualTo(i);
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void waysInMessages_leadToTheSameProcesses_fromWhereverTheyAre() throws Exception {
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        ProcessRef<String> ear = here.spawn(_ -> (_, words) -> heard.add(words));
        ProcessRef<Listen> mouth = far(there.<Listen>spawn(_ -> (self, listen) -> {
            listen.ear()
                    .send("I hear of " + listen.others().size() + " others, myself "
                            + listen.others().contains(self.ref()));
            return null;
        }));
        mouth.send(new Listen(ear, List.of(mouth, ear)));

        assertThat(heard.take()).isEqualTo("I hear of 2 others, myself true");
    }

    @Test
    @Tag("D13")
    @Tag("S4.17")
    void callsEnd_inTheFourWays() {
        ProcessRef<Object> moody = far(there.spawn(_ -> (self, message) -> {
            switch (message) {
                case Put(String key, String _) when key.equals("throw") -> throw new IllegalStateException("as asked");
                case Put(String key, String _) when key.equals("never") -> self.replyLater();
                case Put(String key, String _) when key.equals("stop") -> self.stop("as asked");
                default -> {}
            }
            return message instanceof Deal ? Thread.currentThread() : "done";
        }));

        assertThat(moody.call(new Put("", ""), LONG)).isEqualTo("done");
        assertThat(end(() -> moody.call(new Put("throw", ""), LONG)))
                .isEqualTo(new Outcome.Failed<>("IllegalStateException", "as asked"));
        assertThat(end(() -> moody.call(new Put("never", ""), SHORT)))
                .isEqualTo(new Outcome.Unknown<>(Outcome.Cause.DEADLINE));
        assertThat(moody.call(new Put("stop", ""), LONG)).isEqualTo("done");
        assertThat(end(() -> moody.call(new Put("", ""), LONG)))
                .isEqualTo(new Outcome.Refused<>(RefusedReason.NO_SUCH_PROCESS, 0));
        moody.send("to nobody");
    }

    @Test
    void whatCannotBeSaid_isSaidSo_andTheNodesLive() {
        ProcessRef<Object> process = far(there.spawn(_ -> (_, message) -> message instanceof Deal ? here : 1));

        assertThat(end(() -> process.call(new Strange(1), LONG)))
                .isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                    assertThat(failed.kind()).isEqualTo("UnreadableMessage");
                    assertThat(failed.message()).contains("game/Strange is not in the book 'game'");
                });
        process.send(new Strange(2));
        assertThat(end(() -> process.call(new Deal(1), LONG))).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.kind()).isEqualTo("UnsendableAnswer");
            assertThat(failed.message()).contains("Processes");
        });
        assertThatThrownBy(() -> process.send(new Object()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Object is not in the book 'game'");
        assertThatThrownBy(() -> process.send("x".repeat(1 << 20)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than 1048576 bytes");
        assertThat(process.<Integer, Asks<Integer>>call(new Pass(List.of()), LONG))
                .isEqualTo(1);
    }

    @Test
    void mailboxFull_callIsRefusedAsBusy_andTakenWhenThereIsRoom() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        ProcessRef<Object> slow = there.spawn(_ -> (_, _) -> {
            entered.countDown();
            gate.await();
            return 1;
        });
        slow.send("enter");
        entered.await();
        for (int i = 0; i < 4_096; i++) {
            slow.send("more");
        }
        ProcessRef<Object> way = far(slow);
        assertThat(end(() -> way.call(new Pass(List.of()), SHORT)))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(RefusedReason.BUSY));
        CompletableFuture<Integer> patient = new CompletableFuture<>();
        Thread.startVirtualThread(() -> patient.complete(way.call(new Pass(List.of()), LONG)));
        gate.countDown();

        assertThat(patient.get()).isEqualTo(1);
    }

    @Test
    @Tag("S4.17")
    void whatAProcessAsks_endsNoLaterThanWhatItIsAsked() throws Exception {
        LinkedBlockingQueue<Outcome<?>> ends = new LinkedBlockingQueue<>();
        ProcessRef<Object> never = far(there.spawn(_ -> (self, _) -> self.replyLater()));
        ProcessRef<Pass> middle = here.spawn(_ -> (_, pass) -> {
            ends.add(end(() -> never.<Integer, Asks<Integer>>call(pass, LONG)));
            return null;
        });
        // From another node, so that the deadline has travelled once already.
        ProcessRef<Pass> outer = there.at(middle.address());

        assertThatThrownBy(() -> outer.call(new Pass(List.of()), SHORT)).isInstanceOf(CallException.class);
        assertThat(ends.poll(LONG.toMillis() / 2, TimeUnit.MILLISECONDS))
                .isEqualTo(new Outcome.Unknown<>(Outcome.Cause.DEADLINE));
    }

    private static void block(int processes, CountDownLatch never) throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(processes);
        for (int i = 0; i < processes; i++) {
            far(there.<String>spawn(_ -> (_, _) -> {
                        blocked.countDown();
                        never.await();
                        return null;
                    }))
                    .send("block");
        }
        blocked.await();
    }

    @Test
    @Tag("S4.22")
    void fiveThousandBlockedHandlers_stopNeitherTheirNode_norItsConnection() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        // Together more than a connection lets wait.
        block(2_500, never);
        block(2_500, never);
        ProcessRef<Pass> quick = far(there.<Pass>spawn(_ -> (_, _) -> 3));

        assertThat(quick.call(new Pass(List.of()), LONG)).isEqualTo(3);
        never.countDown();
    }

    // ---- Cycles

    private static Integer pass(Self<Pass> self, Pass pass) {
        List<ProcessRef<Pass>> next = pass.next();
        return next.isEmpty() ? 1 : 1 + next.getFirst().call(new Pass(next.subList(1, next.size())), LONG);
    }

    private static ProcessRef<Pass> passer(Processes node) {
        return node.spawn(_ -> BetweenNodesTest::pass);
    }

    @Test
    void whoAsksThoseWhoWaitForHim_onOtherNodes_isToldAtOnce() throws Exception {
        ProcessRef<Pass> a = passer(here);
        ProcessRef<Pass> b = far(passer(there));
        ProcessRef<Pass> c = far(passer(third));
        ProcessRef<Pass> neighbour = passer(here);

        assertThat(a.call(new Pass(List.of(b, c)), LONG)).as("no cycle").isEqualTo(3);
        for (List<ProcessRef<Pass>> round : List.of(
                List.of(b, a),
                List.of(b, c, a),
                List.of(b, c, b),
                List.of(b, neighbour, a),
                List.of(neighbour, b, a))) {
            assertThatThrownBy(() -> a.call(new Pass(round), LONG))
                    .as("%s", round)
                    .hasMessageContaining("CallCycleException")
                    .hasMessageContaining(round.getLast().address().toString())
                    .hasMessageContaining("@OneWay")
                    .hasMessageContaining("@Reentrant");
        }
    }

    @Test
    void twoOnDifferentNodes_whoAskEachOtherAtOnce_doNotWaitForEver() throws Exception {
        for (int i = 0; i < 50; i++) {
            LinkedBlockingQueue<String> ends = new LinkedBlockingQueue<>();
            Behavior<Pass> crossing = (self, pass) -> {
                try {
                    return pass(self, pass);
                } catch (CallCycleException cycle) {
                    return 2;
                } finally {
                    if (!pass.next().isEmpty()) {
                        ends.add("end");
                    }
                }
            };
            ProcessRef<Pass> a = here.spawn(_ -> crossing);
            ProcessRef<Pass> b = there.spawn(_ -> crossing);
            a.send(new Pass(List.of(here.at(b.address()))));
            b.send(new Pass(List.of(there.at(a.address()))));

            assertThat(ends.poll(10, TimeUnit.SECONDS)).isEqualTo("end");
            assertThat(ends.poll(10, TimeUnit.SECONDS)).isEqualTo("end");
        }
    }

    @Reentrant
    private static final class Room implements Behavior<Pass> {
        private int entered;

        @Override
        public Object on(Self<Pass> self, Pass pass) {
            entered++;
            return pass.next().isEmpty() ? 10 * entered : pass(self, pass);
        }
    }

    @Test
    void reentrantProcess_takesQuestions_ofThoseItWaitsForOnOtherNodes() {
        ProcessRef<Pass> room = here.spawn(_ -> new Room());
        ProcessRef<Pass> b = far(passer(there));

        ProcessRef<Pass> c = far(passer(third));
        ProcessRef<Pass> neighbour = passer(here);

        assertThat(room.call(new Pass(List.of(b, room)), LONG)).isEqualTo(2 + 20);
        assertThat(room.call(new Pass(List.of(b, room, c, room)), LONG)).isEqualTo(4 + 50);
        assertThat(room.call(new Pass(List.of(b, neighbour, room)), LONG)).isEqualTo(3 + 70);
        assertThat(room.call(new Pass(List.of(neighbour, b, room)), LONG)).isEqualTo(3 + 90);
    }

    @Test
    void oldAddress_hitsNobody() {
        Address before = Address.of(there.spawn(_ -> (_, _) -> 1).address().node(), 5);

        assertThat(end(() -> here.at(before).<Integer, Asks<Integer>>call(new Pass(List.of()), LONG)))
                .isEqualTo(new Outcome.Refused<>(RefusedReason.NO_SUCH_PROCESS, 0));
    }

    @Test
    void chainOfQuestions_isBounded() {
        LinkedBlockingQueue<String> refused = new LinkedBlockingQueue<>();
        Behavior<Pass> passing = (self, pass) -> {
            try {
                return pass(self, pass);
            } catch (IllegalStateException tooLong) {
                refused.add(String.valueOf(tooLong.getMessage()));
                return 0;
            }
        };
        List<ProcessRef<Pass>> chain = new ArrayList<>();
        for (int i = 0; i <= Processes.CHAIN_MAX / 2; i++) {
            chain.add(far(there.spawn(_ -> passing)));
            chain.add(here.spawn(_ -> passing));
        }

        assertThat(chain.getFirst().call(new Pass(chain.subList(1, chain.size())), LONG))
                .isEqualTo(Processes.CHAIN_MAX);
        assertThat(refused.poll()).contains("more than 64 processes wait for one another");
        assertThat(chain.getFirst().call(new Pass(chain.subList(1, 10)), LONG)).isEqualTo(10);
    }

    private static Outcome<Bytes> submit(Address address, Bytes body) {
        CompletableFuture<Outcome<Bytes>> end = new CompletableFuture<>();
        CallEnd ended = (outcome, _) -> end.complete(outcome);
        long until = System.nanoTime() + LONG.toNanos();
        here.outside()
                .submit()
                .accept(new Request(
                        1, null, address.value(), null, until, false, List.of(), Bytes.EMPTY, null, body, ended));
        return end.join();
    }

    @Test
    void bytesOfAStranger_costTheirSenderTheAnswer_andNobodyElse() {
        Random random = new Random(4);
        ProcessRef<Pass> process = passer(there);
        byte[] good = here.parcels()
                .write(new Listen(here.at(process.address()), List.of()))
                .toArray();
        for (int i = 0; i < 2_000; i++) {
            byte[] bad = good.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            // Some can be read after all, but are nothing that the process takes.
            assertThat(submit(process.address(), Bytes.wrap(bad)))
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.kind()).isIn("UnreadableMessage", "ClassCastException"));
        }

        assertThat(far(process).call(new Pass(List.of()), LONG)).isEqualTo(1);
    }
}
