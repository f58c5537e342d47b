package dev.berth.node.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.Address;
import dev.berth.core.call.CallException;
import dev.berth.core.cluster.Timings;
import dev.berth.core.record.RecordBook;
import dev.berth.core.wire.Bytes;
import dev.berth.node.App;
import dev.berth.node.Berth;
import dev.berth.node.coordinator.JavaProcess;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.entity.Context;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.State;
import dev.berth.node.launch.HostPort;
import dev.berth.node.process.NewsMain.Line;
import dev.berth.node.worker.Node;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// Three nodes of a real cluster in this JVM, with sockets between them, and one that is a process of the machine
// and is killed. Each test has topics of its own.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@SuppressWarnings("ThreadPriorityCheck") // yields while it waits for others
class TopicsTest {
    private static final int DIVISOR = 8;

    /** Of which only one of the nodes knows. */
    record Strange(int number) {}

    interface Listener {
        List<Integer> heard();
    }

    private static DevCluster cluster;
    private static Node here;
    private static Node there;
    private static Node third;

    @BeforeAll
    static void start() throws IOException {
        cluster = DevCluster.start();
        here = node(
                "here",
                Processes.messages("news").with(Line.class, Strange.class).build());
        there = node("there", NewsMain.BOOK);
        third = node("third", NewsMain.BOOK);
        for (Node node : List.of(here, there, third)) {
            while (node.view() == null || node.view().memberCount() < 3) {
                Thread.yield();
            }
        }
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    private static Node node(String name, RecordBook book) throws IOException {
        Node node = cluster.start(cluster.node(name).withMessages(book), Map.of());
        node.processes();
        return node;
    }

    private static LinkedBlockingQueue<Integer> listener(Node node, String topic) {
        LinkedBlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
        node.processes().<Line>spawn(self -> {
            self.subscribe(topic, Line.class, line -> line);
            return (_, line) -> heard.add(line.number());
        });
        return heard;
    }

    private static double lostAt(Node node, String at) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        node.processes().topics().measure(meters);
        return meters.get("berth.topic.dropped").tag("at", at).functionCounter().count();
    }

    @Test
    void whatIsPublished_isHeardOnceByAll_inTheOrderOfItsPublisher() throws Exception {
        int count = 2_000;
        List<LinkedBlockingQueue<Integer>> all = List.of(
                listener(here, "order"), listener(there, "order"), listener(there, "order"), listener(third, "order"));
        here.processes()
                .<Integer>spawn(_ -> (self, first) -> {
                    for (int i = first; i < count; i++) {
                        self.topic("order").publish(new Line(i, "said"));
                    }
                    return null;
                })
                .send(0);

        List<Integer> said = IntStream.range(0, count).boxed().toList();
        for (LinkedBlockingQueue<Integer> heard : all) {
            for (int number : said) {
                assertThat(heard.take()).isEqualTo(number);
            }
        }
        listener(third, "order-2");
        there.topic("order").publish(new Line(-1, "last"));
        for (LinkedBlockingQueue<Integer> heard : all) {
            assertThat(heard.take()).as("nothing came twice").isEqualTo(-1);
        }
    }

    @Test
    void contracts_hearNewsAsTasks_andOnlyWhatTheyWant() {
        LinkedBlockingQueue<Integer> numbers = new LinkedBlockingQueue<>();
        Listener listener = there.processes().spawn(Listener.class, self -> {
            self.subscribe("tasks", Line.class, line -> line.number() < 0 ? null : () -> numbers.add(line.number()));
            return () -> List.copyOf(numbers);
        });
        here.topic("tasks").publish("text");
        here.topic("tasks").publish(new Line(-1, "not this"));
        here.topic("tasks").publish(new Line(1, "this"));

        while (listener.heard().isEmpty()) {
            Thread.yield();
        }
        assertThat(listener.heard()).containsExactly(1);
    }

    @Test
    void whoHasUnsubscribedOrEnded_isNotKept() throws Exception {
        Processes home = there.processes();
        CompletableFuture<Self<String>> selves = new CompletableFuture<>();
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        ProcessRef<String> process = home.spawn(self -> {
            self.subscribe("a", String.class, text -> "a " + text);
            self.subscribe("a", String.class, text -> "again " + text);
            self.subscribe("b", String.class, text -> "b " + text);
            self.subscribe("c", String.class, text -> "c " + text);
            selves.complete(self);
            return (_, text) -> {
                if (text.equals("end")) {
                    self.stop("as asked");
                }
                return heard.add(text);
            };
        });
        selves.join().unsubscribe("b");
        assertThat(home.subscribers().areThereOf("b")).isFalse();
        for (String topic : List.of("a", "b", "c")) {
            here.topic(topic).publish("said");
        }
        assertThat(heard.take()).isEqualTo("again said");
        assertThat(heard.take()).isEqualTo("c said");
        process.send("end");
        while (home.subscribers().areThereOf("a") || home.subscribers().areThereOf("c")) {
            Thread.yield();
        }
        assertThatThrownBy(() -> home.<String>spawn(self -> {
                    for (int i = 0; i <= Subscribers.TOPICS_MAX; i++) {
                        self.subscribe("many-" + i, String.class, text -> text);
                    }
                    return (_, _) -> null;
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1024 topics at most");
    }

    @Test
    void fullMailbox_losesWhatComes_andHoldsUpNobody() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        LinkedBlockingQueue<Integer> slow = new LinkedBlockingQueue<>();
        there.processes().<Line>spawn(self -> {
            self.subscribe("full", Line.class, line -> line);
            return (_, line) -> {
                goOn.await();
                return slow.add(line.number());
            };
        });
        LinkedBlockingQueue<Integer> quick = listener(there, "full");
        int count = 6_000;
        for (int i = 0; i < count; i++) {
            here.topic("full").publish(new Line(i, ""));
            assertThat(quick.take()).isEqualTo(i);
        }
        double full = lostAt(there, "mailbox");
        assertThat(full).isPositive();
        goOn.countDown();
        for (int i = 0; i < count - (int) full; i++) {
            assertThat(slow.take()).isEqualTo(i);
        }
    }

    @Test
    void whatCannotBeSaid_isRefusedOnTheSpot_andWhatCannotBeRead_isLeftOut() throws Exception {
        LinkedBlockingQueue<Integer> heard = listener(there, "bad");
        assertThatThrownBy(() -> there.topic("bad").publish(new Strange(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Strange");
        assertThatThrownBy(() -> there.topic("bad").publish("x".repeat(2 << 20)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> there.topic("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> there.topic("x".repeat(201))).isInstanceOf(IllegalArgumentException.class);

        double unreadable = lostAt(there, "unreadable");
        here.topic("bad").publish(new Strange(2));
        ProcessRef<Object> reader = here.processes().at(Address.first(there.self()));
        Random random = new Random(1);
        byte[] bytes = NewsMain.BOOK.write(new Line(1, "one")).toArray();
        for (int i = 0; i < 500; i++) {
            byte[] spoiled = bytes.clone();
            spoiled[random.nextInt(spoiled.length)] = (byte) random.nextInt(256);
            reader.send(new Published(i % 2 == 0 ? "bad" : "nobody's", Bytes.wrap(spoiled)));
            reader.send(new Raw(Bytes.wrap(spoiled)));
        }
        here.topic("bad").publish(new Line(-1, "last"));
        while (heard.take() != -1) {
            Thread.yield();
        }
        assertThat(lostAt(there, "unreadable")).isGreaterThan(unreadable + 50);
    }

    interface Crier extends Entity<String> {
        void cry(int number);

        void fail();
    }

    record CrierCode(Context<String> me, State<Line> last) implements Crier {
        CrierCode(Context<String> me) {
            this(me, me.state(new Line(0, "")));
        }

        @Override
        public void cry(int number) {
            me.topic("cried").publish(last.set(new Line(number, me.key())));
        }

        @Override
        public void fail() {
            cry(-1);
            throw new IllegalStateException("as asked");
        }
    }

    @Test
    void whatAnEntityPublishes_isHeardOnEveryNode_butNotOfAMethodThatThrows() throws Exception {
        try (App.Running app = Berth.app("news")
                .entity(Crier.class, CrierCode::new)
                .records(Line.class)
                .dev()) {
            Node other = app.cluster().start(app.cluster().node("other").withMessages(NewsMain.BOOK), Map.of());
            LinkedBlockingQueue<Integer> near = listener(app.node(), "cried");
            LinkedBlockingQueue<Integer> far = listener(other, "cried");
            while (app.node().view() == null || app.node().view().memberCount() < 2) {
                Thread.yield();
            }
            Crier crier = app.agent(Crier.class, "town");
            for (int i = 1; i <= 20; i++) {
                crier.cry(i);
                assertThatThrownBy(crier::fail).isInstanceOf(CallException.class);
            }
            for (int i = 1; i <= 20; i++) {
                assertThat(near.take()).isEqualTo(i);
                assertThat(far.take()).isEqualTo(i);
            }
        }
    }

    private static JavaProcess other(DevCluster quick) throws IOException {
        return new JavaProcess(
                NewsMain.class,
                quick.name(),
                quick.secretFile().toString(),
                HostPort.of(quick.masters().getFirst().address()).toString(),
                String.valueOf(DIVISOR));
    }

    private static void awaitEcho(Node from, LinkedBlockingQueue<Integer> echo, int number)
            throws InterruptedException {
        Integer heard;
        do {
            from.topic("news").publish(new Line(number, "is anybody there?"));
            heard = echo.poll(50, TimeUnit.MILLISECONDS);
        } while (heard == null || heard != number);
    }

    @Test
    void nodesThatAreKilled_holdUpNobody_andTheNextOneHears() throws Exception {
        try (DevCluster quick = DevCluster.start(Timings.DEFAULT.dividedBy(DIVISOR), 1)) {
            Node near = quick.start(quick.node("near").withMessages(NewsMain.BOOK), Map.of());
            LinkedBlockingQueue<Integer> echo = listener(near, "echo");
            LinkedBlockingQueue<Integer> news = listener(near, "news");
            try (JavaProcess first = other(quick)) {
                first.awaitLine("it listens");
                awaitEcho(near, echo, 1);
                first.freeze();
                // Who is well hears it, though another one takes nothing.
                for (int i = 0; i < 5_000; i++) {
                    near.topic("news").publish(new Line(2, "x".repeat(1_000)));
                }
                do {
                    near.topic("news").publish(new Line(3, ""));
                } while (news.take() != 3);
                first.kill();
            }
            try (JavaProcess second = other(quick)) {
                second.awaitLine("it listens");
                awaitEcho(near, echo, 4);
            }
        }
    }
}
