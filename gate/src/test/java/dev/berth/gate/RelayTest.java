package dev.berth.gate;

import static dev.berth.gate.Haven.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.AdmissionLimits;
import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.record.RecordBook;
import dev.berth.core.wire.Bytes;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Processes;
import dev.berth.node.process.Raw;
import dev.berth.node.process.Reply;
import dev.berth.node.worker.Node;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// A gate at one node of a cluster, processes at it and at another one. What clients say reaches them in order and
// what they answer comes back in order; a client is an address like any other, from wherever it is used.
@Timeout(60)
class RelayTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final GateConfig CONFIG = GateConfig.of(Port.tcp(Haven.ANY)).withLimits(Haven.roomy());

    record Entered(ProcessRef<?> client, Bytes packet) {}

    private static final RecordBook BOOK =
            Processes.messages("hall").with(Entered.class).build();

    private static DevCluster cluster;
    private static Node gateNode;
    private static Processes here;
    private static Processes far;

    @BeforeAll
    static void start() throws IOException {
        cluster = DevCluster.start();
        gateNode = cluster.start(cluster.node("gate").withMessages(BOOK), Map.of());
        here = gateNode.processes();
        far = cluster.start(cluster.node("far").withMessages(BOOK), Map.of()).processes();
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    private static Relay to(ProcessRef<?> process) {
        return Relay.asking(here, _ -> Optional.of(here.at(process.address())));
    }

    private static Gate gate(Receiver receiver) throws IOException {
        return Gate.open(gateNode, CONFIG, Framing.lengths(), receiver);
    }

    @Test
    @Tag("S4.8")
    void questions_areAnsweredByAnotherNode_onTheLoopThatCarriesItsLink() throws Exception {
        LinkedBlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        ProcessRef<Raw> echo =
                far.spawn(_ -> (_, asked) -> Bytes.utf8("far " + asked.bytes().utf8()));
        Relay relay = to(echo);
        Receiver seen = new Receiver() {
            @Override
            public void connected(Client client) {
                assertThat(gateNode.loops().all()).contains(client.loop());
                relay.connected(client);
            }

            @Override
            public void packet(Client client, Bytes packet) {
                threads.add(Thread.currentThread());
                here.ask(
                        client.way().address(),
                        here.at(echo.address()),
                        new Raw(packet),
                        LONG,
                        _ -> threads.add(Thread.currentThread()));
                relay.packet(client, packet);
            }
        };
        try (Gate gate = gate(seen);
                Plug plug = new Plug(gate.addresses().getFirst())) {
            assertThat(plug.packet("hello").answer()).isEqualTo("far hello");
            Thread loop = next(threads);
            assertThat(loop.getName()).startsWith("berth-loop");
            assertThat(next(threads)).as("of the answer").isSameAs(loop);
        }
    }

    @Test
    void gateWithLoopsOfItsOwn_answersManyInOrder_andEndsThem() throws Exception {
        ProcessRef<Raw> echo = far.spawn(_ -> (_, asked) -> asked.bytes());
        Set<EventLoop> used = ConcurrentHashMap.newKeySet();
        Relay relay = to(echo);
        Receiver seen = new Receiver() {
            @Override
            public void connected(Client client) {
                used.add(client.loop());
                relay.connected(client);
            }

            @Override
            public void packet(Client client, Bytes packet) {
                relay.packet(client, packet);
            }
        };
        List<Plug> plugs = new ArrayList<>();
        try (Gate gate = Gate.open(gateNode, CONFIG.withLoops(2), Framing.lengths(), seen)) {
            for (int i = 0; i < 4; i++) {
                plugs.add(new Plug(gate.addresses().getFirst()));
            }
            for (int i = 0; i < 100; i++) {
                for (Plug plug : plugs) {
                    plug.packet("m" + i);
                }
            }
            for (Plug plug : plugs) {
                for (int i = 0; i < 100; i++) {
                    assertThat(plug.answer()).isEqualTo("m" + i);
                }
            }
        }
        for (Plug plug : plugs) {
            assertThat(plug.toTheEnd()).isEmpty();
            plug.close();
        }
        assertThat(used).hasSize(2).doesNotContainAnyElementsOf(gateNode.loops().all());
        assertThat(used).allMatch(EventLoop::isTerminated);
    }

    @Test
    void answersLeaveInTheOrderOfTheQuestions_whoeverAnswersFirst() throws Exception {
        for (Processes home : List.of(here, far)) {
            LinkedBlockingQueue<Reply<Bytes>> slow = new LinkedBlockingQueue<>();
            ProcessRef<Raw> process = home.spawn(self -> (_, asked) -> {
                if (asked.bytes().utf8().equals("slow")) {
                    slow.add(self.replyLater());
                }
                return asked.bytes();
            });
            try (Gate gate = gate(to(process));
                    Plug plug = new Plug(gate.addresses().getFirst())) {
                plug.packet("slow").packet("quick");
                Reply<Bytes> late = next(slow);
                assertThat(home.<Raw>at(process.address())
                                .<Bytes, Raw>call(new Raw(Bytes.utf8("quick was read")), LONG))
                        .isEqualTo(Bytes.utf8("quick was read"));
                late.answer(Bytes.utf8("at last"));
                assertThat(plug.answer()).isEqualTo("at last");
                assertThat(plug.answer()).isEqualTo("quick");
            }
        }
    }

    @Test
    void clientWithAsManyQuestionsAsItMayHave_isNotReadFrom_untilOneIsAnswered() throws Exception {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        LinkedBlockingQueue<Reply<Bytes>> waiting = new LinkedBlockingQueue<>();
        ProcessRef<Raw> process = here.spawn(self -> (_, asked) -> {
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
            waiting.add(self.replyLater());
            return null;
        });
        int all = 100;
        try (Gate gate = gate(to(process).withUnderWay(3));
                Plug plug = new Plug(gate.addresses().getFirst())) {
            for (int i = 0; i < all; i++) {
                plug.packet("question " + i);
            }
            for (int i = 0; i < all; i++) {
                Reply<Bytes> reply = next(waiting);
                open.decrementAndGet();
                reply.answer(Bytes.utf8("answer " + i));
                assertThat(plug.answer()).isEqualTo("answer " + i);
            }
        }
        assertThat(most.get()).isEqualTo(3);
    }

    @Test
    void questionWithoutAGoodEnd_closesItsClient_orIsAnsweredOtherwise() throws Exception {
        ProcessRef<Raw> mute = here.spawn(self -> (_, _) -> self.replyLater());
        ProcessRef<Raw> failing = far.spawn(_ -> (_, _) -> {
            throw new IllegalStateException("no");
        });
        ProcessRef<Raw> text = here.spawn(_ -> (_, _) -> "text");
        Relay patient = to(mute).withWithin(Duration.ofMillis(100));
        try (Gate gate = gate(patient);
                Plug plug = new Plug(gate.addresses().getFirst())) {
            assertThat(plug.packet("?").toTheEnd()).isEmpty();
        }
        Map<String, Relay> ends = Map.of(
                "Unknown[cause=DEADLINE]", patient,
                "Failed[kind=IllegalStateException, message=no]", to(failing),
                "Failed[kind=UnreadableAnswer, message=bytes were wanted, got String]", to(text),
                "Refused[reason=NO_SUCH_PROCESS, hint=0]", Relay.asking(here, _ -> Optional.empty()));
        for (var end : ends.entrySet()) {
            Relay told = end.getValue().withOtherwise(outcome -> Optional.of(Bytes.utf8(outcome.toString())));
            try (Gate gate = gate(told);
                    Plug plug = new Plug(gate.addresses().getFirst())) {
                assertThat(plug.packet("?").answer()).isEqualTo(end.getKey());
            }
        }
    }

    @Test
    @Tag("S4.9")
    void processOfAnotherNode_hearsTheClient_speaksToIt_andHearsItsEnd() throws Exception {
        LinkedBlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<ProcessRef<Object>> ways = new LinkedBlockingQueue<>();
        ProcessRef<Object> hall = far.spawn(self -> (_, message) -> {
            heard.add(message);
            if (message instanceof Entered(ProcessRef<?> client, Bytes packet)) {
                ProcessRef<Object> way = far.at(client.address());
                self.monitor(way, cause -> cause);
                way.send(Bytes.utf8("welcome " + packet.utf8()));
                way.call(new Raw(Bytes.utf8("asked")), LONG);
                ways.add(way);
            }
            return null;
        });
        Receiver telling = Relay.telling(
                _ -> Optional.of(here.at(hall.address())), (client, packet) -> new Entered(client.way(), packet));
        try (Gate gate = gate(telling);
                Plug plug = new Plug(gate.addresses().getFirst())) {
            assertThat(plug.packet("Ann").answer()).isEqualTo("welcome Ann");
            assertThat(plug.answer()).isEqualTo("asked");
            assertThat(next(heard)).isInstanceOf(Entered.class);
            ProcessRef<Object> way = next(ways);
            List<String> more = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                way.send(Bytes.utf8("m" + i));
                more.add("m" + i);
            }
            for (String each : more) {
                assertThat(plug.answer()).isEqualTo(each);
            }
            plug.hangUp();
            assertThat(next(heard)).asString().contains("is gone: it has closed the connection");
            assertThatThrownBy(() -> way.call(new Raw(Bytes.EMPTY), LONG))
                    .isInstanceOfSatisfying(
                            CallException.class,
                            thrown -> assertThat(thrown.outcome())
                                    .isEqualTo(new Outcome.Refused<>(RefusedReason.NO_SUCH_PROCESS, 0)));
        }
    }

    @Test
    void nodeThatIsOver_closesItsGatesClients() throws Exception {
        Node node = cluster.start(cluster.node("short"), Map.of());
        Gate gate = Gate.open(node, CONFIG, Framing.lengths(), (client, packet) -> client.send(packet));
        try (Plug plug = new Plug(gate.addresses().getFirst())) {
            assertThat(plug.packet("hi").answer()).isEqualTo("hi");
            node.close();
            assertThat(plug.toTheEnd()).isEmpty();
        }
    }

    // A process of the gate's node stands still, and another node sends it more than may wait at the connection: what
    // comes for a client behind that is refused, and nobody would ever know.

    @Test
    @Tag("S3.17")
    void messageThatFindsNoRoomAtTheClientsNode_isMissed() throws Exception {
        CountDownLatch goesOn = new CountDownLatch(1);
        CountDownLatch stands = new CountDownLatch(1);
        ProcessRef<Bytes> still = here.spawn(_ -> (_, _) -> {
            stands.countDown();
            goesOn.await();
            return null;
        });
        LinkedBlockingQueue<Client> connected = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<Client> missed = new LinkedBlockingQueue<>();
        Receiver receiver = new Receiver() {
            @Override
            public void connected(Client client) {
                connected.add(client);
            }

            @Override
            public void packet(Client client, Bytes packet) {}

            @Override
            public void missed(Client client) {
                missed.add(client);
            }
        };
        try (Gate gate = gate(receiver);
                Plug _ = new Plug(gate.addresses().getFirst())) {
            Client client = next(connected);
            ProcessRef<Object> there = far.at(still.address());
            there.send(Bytes.EMPTY);
            stands.await();
            for (int i = 0; i < AdmissionLimits.DEFAULT.inboxMax(); i++) {
                there.send(Bytes.EMPTY);
            }
            far.at(client.way().address()).send(Bytes.utf8("lost"));

            assertThat(next(missed)).isSameAs(client);
        } finally {
            goesOn.countDown();
        }
    }
}
