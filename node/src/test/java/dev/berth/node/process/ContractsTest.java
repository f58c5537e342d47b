package dev.berth.node.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.record.RecordBook;
import dev.berth.core.wire.Bytes;
import dev.berth.node.dev.DevCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// Two nodes of a real cluster in this JVM, with sockets between them. The same interfaces are called within a node
// and from the other one; a third book does not know them.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@SuppressWarnings("ThreadPriorityCheck") // yields while it waits for others
class ContractsTest {
    record Card(String name) {}

    interface Dealer {
        List<Card> deal(int cards);

        default Card one() {
            return deal(1).getFirst();
        }
    }

    interface Table extends Dealer {
        @Nullable
        Card put(@Nullable Card card);

        void clear();

        @OneWay
        void say(String words);

        void watch(Ear ear);

        int callBack(Echo to);
    }

    interface Ear {
        @OneWay
        void hear(String words);
    }

    interface Echo {
        int echo(int number);

        int by(Echo other);
    }

    interface Slow {
        void hold();

        @OneWay
        void tick();
    }

    private static final RecordBook BOOK = Processes.messages("game", Table.class, Ear.class, Echo.class, Slow.class)
            .with(Chime.class)
            .build();

    private static DevCluster cluster;
    private static Processes here;
    private static Processes there;
    private static Processes bookless;

    @BeforeAll
    static void start() throws IOException {
        cluster = DevCluster.start();
        here = cluster.start(cluster.node("here").withMessages(BOOK), Map.of()).processes();
        there = cluster.start(cluster.node("there").withMessages(BOOK), Map.of())
                .processes();
        bookless = cluster.start(cluster.node("bookless"), Map.of()).processes();
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    private static final class TableCode implements Table {
        private final Self<Runnable> self;
        private final LinkedBlockingQueue<String> said;
        private @Nullable Card top;
        private @Nullable Ear ear;

        TableCode(Self<Runnable> self, LinkedBlockingQueue<String> said) {
            this.self = self;
            this.said = said;
        }

        @Override
        public List<Card> deal(int cards) {
            if (cards < 0) {
                throw new IllegalArgumentException("there are no " + cards + " cards");
            }
            return java.util.stream.IntStream.range(0, cards)
                    .mapToObj(i -> new Card("card " + i))
                    .toList();
        }

        @Override
        public @Nullable Card put(@Nullable Card card) {
            Card before = top;
            top = card;
            return before;
        }

        @Override
        public void clear() {
            top = null;
            self.after(Duration.ZERO, () -> said.add("cleared"));
        }

        @Override
        public void say(String words) {
            said.add(words);
            if (ear != null) {
                ear.hear(words);
            }
        }

        @Override
        public void watch(Ear other) {
            ear = other;
            self.monitor(ProcessRef.of(other), _ -> () -> said.add("the ear is gone"));
        }

        @Override
        public int callBack(Echo to) {
            return to.echo(7);
        }
    }

    private static Table table(LinkedBlockingQueue<String> said) {
        return there.spawn(Table.class, self -> new TableCode(self, said));
    }

    private static <C> C far(Class<C> contract, C way) {
        return here.at(contract, ProcessRef.of(way).address());
    }

    private static Outcome<?> end(Runnable call) {
        CompletableFuture<Outcome<?>> end = new CompletableFuture<>();
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(CallException.class, thrown -> end.complete(thrown.outcome()));
        return end.join();
    }

    @Test
    @Tag("S4.14")
    void methods_areCalls_hereAndElsewhere() throws Exception {
        LinkedBlockingQueue<String> said = new LinkedBlockingQueue<>();
        Table near = table(said);
        Table far = far(Table.class, near);
        assertThat(far).isNotEqualTo(near).isEqualTo(far(Table.class, near)).hasSameHashCodeAs(far(Table.class, near));
        for (Table table : List.of(near, far)) {
            assertThat(table.put(new Card("ace"))).isNull();
            assertThat(table.put(null)).isEqualTo(new Card("ace"));
            assertThat(table.deal(2)).containsExactly(new Card("card 0"), new Card("card 1"));
            assertThat(table.one()).isEqualTo(new Card("card 0"));
            table.put(new Card("king"));
            table.clear();
            assertThat(table.put(null)).as("void waits").isNull();
            assertThat(said.take()).isEqualTo("cleared");
            table.say("hello");
            assertThat(said.take()).isEqualTo("hello");
            assertThat(end(() -> table.deal(-1)))
                    .isEqualTo(new Outcome.Failed<>("IllegalArgumentException", "there are no -1 cards"));
            assertThat(table.toString()).startsWith("Table n");
        }
    }

    @Test
    void argumentsWithinANode_areTheCallersOwn() {
        Card card = new Card("ace");
        Table near = table(new LinkedBlockingQueue<>());
        near.put(card);

        assertThat(near.put(null)).isSameAs(card);
    }

    @Test
    void waysToContracts_areArguments_andAreMonitored() throws Exception {
        LinkedBlockingQueue<String> said = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        Table far = far(Table.class, table(said));
        CompletableFuture<Self<Runnable>> ears = new CompletableFuture<>();
        Ear ear = here.spawn(Ear.class, self -> {
            ears.complete(self);
            return heard::add;
        });
        far.watch(ear);
        far.say("one");
        assertThat(heard.take()).isEqualTo("one");
        ears.join().ref().send(() -> ears.join().stop("enough"));

        assertThat(said.take()).isEqualTo("one");
        assertThat(said.take()).isEqualTo("the ear is gone");
        assertThatThrownBy(() -> far.watch(heard::add))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not the way to a process");
    }

    @Test
    void names_leadToContracts_fromEveryNode() {
        there.register("the-table", ProcessRef.of(table(new LinkedBlockingQueue<>())));
        while (here.find(Table.class, "the-table").isEmpty()) {
            Thread.yield();
        }

        assertThat(here.find(Table.class, "the-table").orElseThrow().one()).isEqualTo(new Card("card 0"));
        assertThat(there.find(Table.class, "the-table").orElseThrow().one()).isEqualTo(new Card("card 0"));
    }

    private record Plain(Self<Runnable> self) implements Echo {
        @Override
        public int echo(int number) {
            return number;
        }

        @Override
        public int by(Echo other) {
            return other.by(self.ref().as(Echo.class));
        }
    }

    @Reentrant
    private record Open(Self<Runnable> self) implements Echo {
        @Override
        public int echo(int number) {
            return number;
        }

        @Override
        public int by(Echo other) {
            return self.ref().equals(ProcessRef.of(other))
                    ? 0
                    : other.by(self.ref().as(Echo.class)) + 1;
        }
    }

    /** Calls back whoever calls it. */
    private record Back() implements Echo {
        @Override
        public int echo(int number) {
            return number;
        }

        @Override
        public int by(Echo other) {
            return other.echo(41);
        }
    }

    @Test
    void circles_areNamedWithTheRemedy_orTakenByTheReentrant() {
        for (Processes place : List.of(here, there)) {
            Echo back = here.at(
                    Echo.class,
                    ProcessRef.of(place.spawn(Echo.class, _ -> new Back())).address());
            Echo plain = here.spawn(Echo.class, Plain::new);
            Echo open = here.spawn(Echo.class, Open::new);
            assertThat(end(() -> plain.by(back)))
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.message()).contains("@OneWay", "@Reentrant"));
            assertThat(open.by(back)).isEqualTo(42);
        }
    }

    @Test
    void whatIsFull_isRefusedAsBusy_andWhoIsGoneAsSuch() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Self<Runnable>> selves = new CompletableFuture<>();
        Slow slow = there.spawn(Slow.class, self -> {
            selves.complete(self);
            return new Slow() {
                @Override
                public void hold() {
                    held.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }

                @Override
                public void tick() {}
            };
        });
        Thread.startVirtualThread(slow::hold);
        held.await();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        slow.tick();
                    }
                })
                .isInstanceOf(ProcessBusyException.class);
        assertThat(end(slow::hold)).isEqualTo(new Outcome.Refused<>(RefusedReason.BUSY, 0));
        goOn.countDown();
        far(Slow.class, slow).hold();
        selves.join().ref().send(() -> selves.join().stop("enough"));
        while (!isGone(slow)) {
            Thread.yield();
        }
        far(Slow.class, slow).tick();
    }

    private static boolean isGone(Slow slow) {
        try {
            far(Slow.class, slow).hold();
            return false;
        } catch (CallException gone) {
            assertThat(gone.outcome()).isEqualTo(new Outcome.Refused<>(RefusedReason.NO_SUCH_PROCESS, 0));
            return true;
        }
    }

    @Test
    void whatIsNotInTheBook_isRefused_beforeTheFirstCall() {
        Table table = table(new LinkedBlockingQueue<>());

        assertThatThrownBy(() -> bookless.at(Table.class, ProcessRef.of(table).address()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no book of messages", "Processes.messages(\"...\", Table.class)");
        assertThatThrownBy(() -> here.at(Unknown.class, ProcessRef.of(table).address()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Unknown.call cannot be called at another node: it is not in the book 'game'");
    }

    @Test
    void whatOthersSayWrongly_failsThem_andNotTheProcess() {
        Table table =
                there.spawn(new Restart.Stop(), Table.class, self -> new TableCode(self, new LinkedBlockingQueue<>()));
        ProcessRef<Object> raw = here.at(ProcessRef.of(table).address());

        assertThat(end(() -> raw.call(new Called("Table", "nothing", Bytes.EMPTY), Duration.ofSeconds(30))))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.kind()).isEqualTo("UnknownMethod"));
        assertThat(end(() -> raw.call(new Called("Other", "put", Bytes.EMPTY), Duration.ofSeconds(30))))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.message())
                                .isEqualTo("this build's Table has no method Other.put; it has"
                                        + " [callBack, clear, deal, put, say, watch]"));
        for (Bytes bytes : List.of(Bytes.EMPTY, Bytes.utf8("garbage"))) {
            assertThat(end(() -> raw.call(new Called("Dealer", "deal", bytes), Duration.ofSeconds(30))))
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.kind()).isEqualTo("UnreadableMessage"));
        }
        assertThat(end(() -> raw.call(new Raw(Bytes.EMPTY), Duration.ofSeconds(30))))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.message()).contains("takes calls"));
        assertThat(far(Table.class, table).one()).isEqualTo(new Card("card 0"));
    }

    @Test
    void codeThatThrows_isMadeAnew_behindTheSameWay() {
        AtomicInteger made = new AtomicInteger();
        Table table = there.spawn(new Restart.Anew(1, Duration.ofMinutes(1)), Table.class, self -> {
            made.incrementAndGet();
            return new TableCode(self, new LinkedBlockingQueue<>());
        });
        table.put(new Card("ace"));
        assertThat(end(() -> table.deal(-1))).isInstanceOf(Outcome.Failed.class);

        assertThat(far(Table.class, table).put(null)).isNull();
        assertThat(made).hasValue(2);
    }

    /** A task that others could send. */
    record Chime(String words) implements Runnable {
        private static final LinkedBlockingQueue<String> RUNG = new LinkedBlockingQueue<>();

        @Override
        public void run() {
            RUNG.add(words);
        }
    }

    @Test
    void tasksThatAreRecords_runIfTheirProcessSaysSo_andNotIfAnotherNodeDoes() throws Exception {
        Table table = there.spawn(Table.class, self -> {
            self.after(Duration.ofMillis(1), new Chime("own"));
            return new TableCode(self, new LinkedBlockingQueue<>());
        });
        assertThat(Chime.RUNG.poll(1, TimeUnit.MINUTES)).isEqualTo("own");
        here.at(ProcessRef.of(table).address()).send(new Chime("another's"));
        assertThat(far(Table.class, table).one()).isEqualTo(new Card("card 0"));
        assertThat(Chime.RUNG).isEmpty();
    }

    @Test
    void answersPutOff_areAnswersOfTheMethod() {
        CompletableFuture<Reply<Integer>> later = new CompletableFuture<>();
        Echo late = there.spawn(Echo.class, self -> new Echo() {
            @Override
            public int echo(int number) {
                later.complete(self.replyLater());
                return 0;
            }

            @Override
            public int by(Echo other) {
                return 0;
            }
        });
        Thread.startVirtualThread(() -> later.join().answer(5));

        assertThat(far(Echo.class, late).echo(1)).isEqualTo(5);
    }

    @Test
    void anotherContractOfAProcess_failsTheCall() {
        Echo wrong = ProcessRef.of(table(new LinkedBlockingQueue<>())).as(Echo.class);

        assertThat(end(() -> wrong.echo(1)))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.message()).contains("this build's Table has no method Echo.echo"));
    }

    /** In no book. */
    interface Unknown {
        void call();
    }

    interface Overloaded {
        void go(int one);

        void go(String other);
    }

    interface Generic {
        <T> void go(T one);
    }

    interface Typed<T> {
        void go(T one);
    }

    interface Wide {
        void go(
                int a,
                int b,
                int c,
                int d,
                int e,
                int f,
                int g,
                int h,
                int i,
                int j,
                int k,
                int l,
                int m,
                int n,
                int o,
                int p,
                int q,
                int r,
                int s,
                int t,
                int u,
                int v,
                int w,
                int x,
                int y,
                int z,
                int aa,
                int bb,
                int cc,
                int dd,
                int ee,
                int ff,
                int gg);
    }

    interface Silent {
        @OneWay
        int go();
    }

    interface Unwritable {
        void go(Thread thread);
    }

    interface Empty {}

    sealed interface Closed {
        record Only() implements Closed {}
    }

    @Test
    void whatCannotBeAContract_isRefused_whenItIsNamed() {
        Map<Class<?>, String> all = Map.of(
                Overloaded.class, "has two methods go",
                Generic.class, "has type parameters",
                Typed.class, "has type parameters",
                Wide.class, "takes 33 arguments, at most 32: put them into a record",
                Silent.class, "is @OneWay and answers something",
                Empty.class, "has no method that could be called",
                Closed.class, "not sealed",
                String.class, "is no contract");
        all.forEach((type, why) -> {
            assertThatThrownBy(() -> Processes.messages("bad", type))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(why);
            assertThatThrownBy(() -> here.spawn(type, _ -> {
                        throw new AssertionError("its code is not made");
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(why);
        });
        assertThatThrownBy(() -> Processes.messages("bad", Unwritable.class).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Unwritable.go", "java.lang.Thread");
    }
}
