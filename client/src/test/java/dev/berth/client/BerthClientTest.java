package dev.berth.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.client.ClientException.Kind;
import dev.berth.client.Town.Note;
import dev.berth.client.Town.Noted;
import dev.berth.core.wire.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// A client and gates with real sockets; the town behind the gates knows what was done. Gates are killed where it hurts,
// between what is done and its answer, and what the client has heard is compared with what there was.

/** What a program does with a client, and what befalls it. */
@SuppressWarnings("ThreadPriorityCheck") // who waits for others lets them run
@Timeout(60)
class BerthClientTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    static final ClientTimes QUICK = new ClientTimes(
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofMillis(200),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofMillis(10),
            Duration.ofMillis(50));

    private final Town town = new Town();
    private final Ears ears = new Ears();
    private Pier one;
    private Pier two;

    @BeforeEach
    void open() throws IOException {
        one = Pier.tcp(town);
        two = Pier.tcp(town);
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private static ClientSetup setup(String... gates) {
        return BerthClient.to(gates)
                .credentials("ada", "sesame")
                .records(Town.BOOK)
                .times(QUICK);
    }

    private BerthClient client() {
        return ears.on(setup(one.address(), two.address())).connect();
    }

    private static String said(int number) {
        return "ada n" + number;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void client_logsIn_saysAndIsAnswered(boolean web) throws Exception {
        try (Pier pier = web ? Pier.web(town) : Pier.tcp(town);
                BerthClient client = ears.on(setup(pier.address())).connect()) {
            assertThat(client.awaitOnline(LONG)).isEqualTo("ada");
            assertThat(client.ask(new Note("hello"), LONG).as(Noted.class)).isEqualTo(new Noted("hello", 0));
            String large = "x".repeat(4_000);
            assertThat(client.ask(new Note(large), LONG).message()).isEqualTo(new Noted(large, 1));
            town.tell("ada", "news");
            Ears.eventually("news", () -> ears.told("").equals(List.of("news")));
            assertThat(ears.news.getFirst()).isEqualTo(new News.Online("ada"));
        }
        assertThat(ears.awaitEnd().code()).isEqualTo("LOGGED_OUT");
    }

    @Test
    void bytes_goAsTheyAre() throws Exception {
        try (BerthClient client = BerthClient.to(one.address())
                .credentials("ada", Bytes.utf8("sesame"))
                .device("phone")
                .json()
                .connect()) {
            Letter answer = client.ask("move", Bytes.utf8("{\"x\": 1}"), LONG);

            assertThat(answer.type()).isEqualTo("move");
            assertThat(answer.text()).isEqualTo("{\"x\": 1}");
            assertThatThrownBy(answer::message)
                    .isInstanceOf(ClientException.class)
                    .hasMessageContaining("ClientSetup.records");
        }
    }

    @Test
    void answers_comeInOrder_onOneThread() throws Exception {
        List<Integer> heard = new ArrayList<>(); // of the handlers' thread
        List<CompletableFuture<Void>> heards = new ArrayList<>();
        try (BerthClient client = setup(one.address()).connect()) {
            client.awaitOnline(LONG);
            for (int i = 0; i < 30; i++) {
                int number = i;
                heards.add(client.say(new Note("n" + i)).thenAccept(_ -> heard.add(number)));
            }
            heards.forEach(CompletableFuture::join);
        }
        assertThat(heard).isEqualTo(IntStream.range(0, 30).boxed().toList());
        assertThat(town.effects())
                .isEqualTo(
                        IntStream.range(0, 30).mapToObj(BerthClientTest::said).toList());
    }

    @Test
    void applicationsNo_isFailed() throws Exception {
        try (BerthClient client = client()) {
            assertThatThrownBy(() -> client.ask(new Note(Town.RUDE), LONG))
                    .isInstanceOfSatisfying(ClientException.class, e -> {
                        assertThat(e.kind()).isEqualTo(Kind.FAILED);
                        assertThat(e.code()).isEqualTo("rude");
                        assertThat(e).hasMessage("not here");
                    });
        }
    }

    @Test
    void gateDies_betweenEffectAndAnswer_clientResumesAtTheOther_allIsDoneOnce() throws Exception {
        int count = 200;
        List<Noted> answers = new ArrayList<>();
        List<CompletableFuture<Letter>> under = new ArrayList<>();
        List<String> news = new ArrayList<>();
        List<String> plaza = new ArrayList<>();
        Stream.of("n3", "n40", "n41", "n100", "n199").forEach(town::killAfter);
        try (BerthClient client = client()) {
            client.awaitOnline(LONG);
            town.joinPlaza("ada");
            for (int i = 0; i < count; i++) {
                under.add(client.say(new Note("n" + i)));
                if (i % 3 == 0) {
                    town.tell("ada", "t" + i);
                    news.add("t" + i);
                    town.tellPlaza("p" + i);
                    plaza.add("p" + i);
                }
                if (under.size() == 20) {
                    answers.add(answer(under.removeFirst()));
                }
            }
            while (!under.isEmpty()) {
                answers.add(answer(under.removeFirst()));
            }
            Ears.eventually("all news", () -> ears.told("").size() >= news.size());
            Ears.eventually("all of the plaza", () -> ears.told("plaza").size() >= plaza.size());
        }
        assertThat(town.effects())
                .isEqualTo(IntStream.range(0, count)
                        .mapToObj(BerthClientTest::said)
                        .toList());
        assertThat(answers)
                .isEqualTo(IntStream.range(0, count)
                        .mapToObj(i -> new Noted("n" + i, i))
                        .toList());
        assertThat(ears.told("")).isEqualTo(news);
        assertThat(ears.told("plaza")).isEqualTo(plaza);
        assertThat(ears.all(News.Lost.class)).isEmpty();
        assertThat(ears.all(News.Online.class)).hasSizeGreaterThanOrEqualTo(5);
    }

    /** While the answer is awaited, a gate that was killed comes back when the client is at the other one. */
    private Noted answer(CompletableFuture<Letter> future) throws Exception {
        while (!future.isDone()) {
            if (one.isDead() && (two.isDead() || two.connected() > 0)) {
                one = one.again();
            } else if (two.isDead() && one.connected() > 0) {
                two = two.again();
            }
            Thread.yield();
        }
        return future.get().as(Noted.class);
    }

    @Test
    void wrongSecret_ends_andIsNotTriedAgain() {
        try (BerthClient client = ears.on(setup(one.address(), two.address()).credentials("ada", "wrong"))
                .connect()) {
            CompletableFuture<Letter> early = client.say(new Note("early"));

            assertThatThrownBy(() -> client.awaitOnline(LONG))
                    .isInstanceOfSatisfying(
                            ClientException.class, e -> assertThat(e.code()).isEqualTo("DENIED"))
                    .hasMessageContaining("name or secret are wrong");
            assertThat(ears.awaitEnd()).isEqualTo(new News.Ended("DENIED", "name or secret are wrong"));
            assertThatThrownBy(early::join).hasCauseInstanceOf(ClientException.class);
            assertThatThrownBy(() -> client.ask(new Note("late"), LONG))
                    .isInstanceOfSatisfying(
                            ClientException.class, e -> assertThat(e.kind()).isEqualTo(Kind.OVER));
        }
        assertThat(one.accepted() + two.accepted()).isEqualTo(1);
        assertThat(town.effects()).isEmpty();
    }

    @Test
    void newerDevice_replaces_andTheOldOneStaysAway() throws Exception {
        Ears others = new Ears();
        try (BerthClient client = client()) {
            client.awaitOnline(LONG);
            try (BerthClient newer = others.on(setup(two.address())).connect()) {
                newer.awaitOnline(LONG);

                assertThat(ears.awaitEnd().code()).isEqualTo("REPLACED");
                int connections = one.accepted() + two.accepted();
                newer.ask(new Note("mine"), LONG);
                assertThat(one.accepted() + two.accepted()).isEqualTo(connections);
                assertThat(others.all(News.Ended.class)).isEmpty();
            }
        }
    }

    @Test
    void tooMuchWithoutAnswer_isRefused_andSurelyNotDone() throws Exception {
        one.close();
        two.close();
        try (BerthClient client = client()) {
            List<CompletableFuture<Letter>> said = IntStream.range(0, 33)
                    .mapToObj(i -> client.say(new Note("n" + i)))
                    .toList();

            assertThatThrownBy(said.getLast()::join)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            ClientException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FULL));
            assertThatThrownBy(() -> client.ask(new Note("more"), LONG)).hasMessageContaining("32 have no answer");
            ears.awaitOffline();
            assertThat(said.getFirst()).isNotDone();
            one = one.again();
            said.subList(0, 32).forEach(CompletableFuture::join);
            assertThat(town.effects()).hasSize(32);
        }
    }

    @Test
    void handler_mayNotWait_andWhatItThrowsHoldsNobodyUp() throws Exception {
        AtomicReference<Throwable> refused = new AtomicReference<>();
        AtomicReference<BerthClient> self = new AtomicReference<>();
        CountDownLatch second = new CountDownLatch(2);
        try (BerthClient client = setup(one.address())
                .onTold(_ -> {
                    second.countDown();
                    try {
                        self.get().ask(new Note("x"), LONG);
                    } catch (IllegalStateException | InterruptedException e) {
                        refused.set(e);
                    }
                    throw new IllegalStateException("a handler of this test throws");
                })
                .connect()) {
            self.set(client);
            client.awaitOnline(LONG);
            town.tell("ada", "one");
            town.tell("ada", "two");
            second.await();
            Ears.eventually("refused", () -> refused.get() != null);
            assertThat(refused.get()).hasMessageContaining("would wait for itself");
        }
    }

    @Test
    void clientThatIsToldWithoutAPause_maySpeak() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        try (BerthClient client = setup(one.address()).onTold(told -> {}).connect()) {
            client.awaitOnline(LONG);
            town.joinPlaza("ada");
            Thread crier = Thread.ofPlatform().start(() -> {
                for (int i = 0; !enough.get(); i++) {
                    town.tellPlaza("p" + i);
                }
            });
            try {
                for (int i = 0; i < 50; i++) {
                    // Less often than a gate takes from one client.
                    client.ask(new Note("n" + i), LONG);
                    LockSupport.parkNanos(10_000_000);
                }
            } finally {
                enough.set(true);
                crier.join();
            }
        }
        assertThat(town.effects()).hasSize(50);
    }

    @Test
    void slowHandler_holdsUpReading_notMemory_andWhatWasMissedIsSaid() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(1);
        List<Long> first = new ArrayList<>(); // of the handlers' thread, as the next
        List<Long> last = new ArrayList<>();
        ClientTimes times = new ClientTimes(
                QUICK.connect(),
                QUICK.enter(),
                Duration.ofMillis(200),
                Duration.ofMillis(500),
                QUICK.steady(),
                QUICK.shortestWait(),
                QUICK.longestWait());
        try (BerthClient client = setup(one.address())
                .times(times)
                .onLost(lost -> {
                    first.add(lost.from());
                    last.add(lost.upTo());
                })
                .onTold(told -> {
                    began.countDown();
                    await(go);
                    first.add(told.position());
                    last.add(told.position());
                    if (told.letter().as(Note.class).text().equals("p2999")) {
                        all.countDown();
                    }
                })
                .connect()) {
            client.awaitOnline(LONG);
            town.joinPlaza("ada");
            town.tellPlaza("the first");
            began.await();
            IntStream.range(0, 3_000).forEach(i -> town.tellPlaza("p" + i));
            Ears.eventually("it does not read on", () -> client.standing().contains("the gate is silent"));
            assertThat(client.deliveriesWaiting()).isBetween(1_024, 2_000);
            go.countDown();
            all.await();
        }
        for (int i = 0; i < first.size(); i++) {
            assertThat(first.get(i)).isEqualTo(i == 0 ? 1 : last.get(i - 1) + 1);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void callersMistakes_areNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BerthClient.to("http://localhost:1"))
                .withMessageContaining("tcp://host:port");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BerthClient.to("tcp://localhost"))
                .withMessageContaining("a port");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BerthClient.to().connect())
                .withMessageContaining("1 to 256 gates");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        setup(one.address()).credentials("a".repeat(200), "").connect())
                .withMessageContaining("name");
        try (BerthClient client = client()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> client.say(new Object()))
                    .withMessageContaining("is in no book");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> client.say("t", Bytes.wrap(new byte[4_097])))
                    .withMessageContaining("in pieces");
            assertThatIllegalArgumentException().isThrownBy(() -> client.say("half \ud83d", Bytes.EMPTY));
        }
        assertThat(town.effects()).isEmpty();
    }
}
