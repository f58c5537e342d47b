package dev.berth.lab.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.client.BerthClient;
import dev.berth.client.ClientException;
import dev.berth.client.Letter;
import dev.berth.core.record.RecordBook;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The hello game in processes, with players' programs in Java and JavaScript. While they buy and chat, gates and owners are killed, alone and
 * together: gold is charged once, and each line is heard once and in order.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HelloPlayersTest {
    record Bag(long gold, Map<String, Integer> items) {}

    record Seats(List<Long> players, int left) {}

    record Buy(String item, int price) {}

    record Enter(String room) {}

    record Say(String room, String text) {}

    record Line(long player, String text) {}

    private static final RecordBook BOOK = RecordBook.named("hello")
            .with(Bag.class, Seats.class, Buy.class, Enter.class, Say.class, Line.class)
            .build();
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int BUYS = 10;
    private static final int LINES = 6;
    private static final String HALL = "hall";

    @TempDir
    Path dir;

    private HelloTown town;

    @BeforeEach
    void start() throws Exception {
        town = new HelloTown(dir);
    }

    @AfterEach
    void stop() {
        town.close();
    }

    /** A program in Java, and what it was told. */
    private static final class Player implements AutoCloseable {
        private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();
        private final BerthClient client;

        Player(long id, String... gates) throws InterruptedException {
            client = BerthClient.to(gates)
                    .credentials(String.valueOf(id), "")
                    .records(BOOK)
                    .onTold(item -> told.add(item.letter().message()))
                    .onLost(told::add)
                    .onEnd(told::add)
                    .connect();
            assertThat(client.awaitOnline(LONG)).isEqualTo(String.valueOf(id));
        }

        Object next() throws InterruptedException {
            Object next = told.poll(60, TimeUnit.SECONDS);
            return next == null ? "nothing for a minute" : next;
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private static Bag bag(CompletableFuture<Letter> answer) throws Exception {
        return answer.get(60, TimeUnit.SECONDS).as(Bag.class);
    }

    @Test
    @Tag("S3.11")
    @Tag("S3.12")
    @Tag("S3.13")
    @Tag("S3.17")
    void purchasesAndChat_goOn_whateverIsKilled() throws Exception {
        try (Player ada = new Player(1, town.gates());
                Player bob = new Player(2, town.webGates());
                ScriptPlayer cyd = ScriptPlayer.canRun() ? new ScriptPlayer("3", town.webGates()) : null) {
            ada.client.ask(new Enter("lobby"), LONG);
            bob.client.ask(new Enter("lobby"), LONG);
            if (cyd != null) {
                cyd.say("hello/Enter", "{\"room\":\"lobby\"}");
                assertThat(cyd.heard(1, HelloPlayersTest::isAnswer).getFirst())
                        .startsWith("answer 1 hello/Seats {\"left\":")
                        .endsWith(",\"players\":[1,2,3]}");
            }
            buyAndChat(0, ada, bob, cyd, "gate-1", "game-1");
            buyAndChat(1, ada, bob, cyd, "gate-1", "gate-2", "game-1", "game-2");
            for (int i = 1; i <= 2 * LINES; i++) {
                assertThat(ada.next()).isEqualTo(new Line(2, "line " + i));
                assertThat(bob.next()).isEqualTo(new Line(2, "line " + i));
            }
            assertThat(ada.told).isEmpty();
            assertThat(bob.told).isEmpty();
            if (cyd != null) {
                hasHeardAllOnce(cyd);
            }
            assertThatThrownBy(() -> ada.client.ask(new Buy("ship", 1_000), LONG))
                    .isInstanceOf(ClientException.class)
                    .hasMessage("not enough gold");
        } catch (Exception | Error failed) {
            failed.addSuppressed(new AssertionError("the launcher said: " + town.said()));
            throw failed;
        }
    }

    /** One of the two owns the room, and no gate dies: what was on its way to them is told once, and nothing is left out. */
    @Test
    @EnabledIfSystemProperty(named = "berth.faults", matches = "true")
    @Tag("S3.11")
    @Tag("S3.29")
    void roomsOwnerIsKilled_whileItsLinesAreOnTheirWay_andTwoGatesTellEachOnce() throws Exception {
        try (Player dan = new Player(4, town.gates()[0]);
                Player eve = new Player(5, town.webGates()[1])) {
            dan.client.ask(new Enter(HALL), LONG);
            eve.client.ask(new Enter(HALL), LONG);
            List<CompletableFuture<Letter>> said = new ArrayList<>();
            List<Object> heard = new ArrayList<>();
            for (String owner : List.of("game-1", "game-2")) {
                for (int i = 0; i < 2 * LINES; i++) {
                    said.add(dan.client.say(new Say(HALL, "line " + said.size())));
                }
                heard.add(eve.next());
                town.kill(owner);
                for (CompletableFuture<Letter> each : said) {
                    assertThat(each.get(60, TimeUnit.SECONDS).type()).isEmpty();
                }
            }
            eve.client.ask(new Say(HALL, "the end"), LONG);
            List<Line> lines = IntStream.range(0, said.size())
                    .mapToObj(i -> new Line(4, "line " + i))
                    .toList();
            assertThat(upToTheEnd(eve, heard)).isEqualTo(lines);
            assertThat(upToTheEnd(dan, new ArrayList<>())).isEqualTo(lines);
        }
    }

    private static List<Object> upToTheEnd(Player player, List<Object> heard) throws InterruptedException {
        for (Object next = player.next(); !new Line(5, "the end").equals(next); next = player.next()) {
            heard.add(next);
        }
        return heard;
    }

    private void buyAndChat(int round, Player ada, Player bob, @Nullable ScriptPlayer cyd, String... dead)
            throws Exception {
        List<CompletableFuture<Letter>> buys = new ArrayList<>();
        for (int i = 0; i < BUYS; i++) {
            buys.add(ada.client.say(new Buy("bow", 1)));
        }
        List<CompletableFuture<Letter>> lines = new ArrayList<>();
        for (int i = 1; i <= LINES; i++) {
            lines.add(bob.client.say(new Say("lobby", "line " + (round * LINES + i))));
            if (cyd != null) {
                cyd.say("hello/Buy", "{\"item\":\"bow\",\"price\":1}");
            }
        }
        bag(buys.get(2));
        town.kill(dead);
        int bought = round * BUYS;
        for (CompletableFuture<Letter> buy : buys) {
            bought++;
            assertThat(bag(buy)).isEqualTo(new Bag(100 - bought, Map.of("bow", bought)));
        }
        for (CompletableFuture<Letter> line : lines) {
            assertThat(line.get(60, TimeUnit.SECONDS).type()).isEmpty();
        }
    }

    private static boolean isAnswer(String line) {
        return line.startsWith("answer");
    }

    private static void hasHeardAllOnce(ScriptPlayer cyd) throws Exception {
        int all = 2 * LINES;
        assertThat(cyd.heard(all, line -> line.startsWith("told") || line.startsWith("lost")))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, all)
                        .mapToObj(i -> "told hello/Line {\"player\":2,\"text\":\"line " + i + "\"}")
                        .toList());
        assertThat(cyd.heard(1 + all, HelloPlayersTest::isAnswer).subList(1, 1 + all))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, all)
                        .mapToObj(i -> "answer " + (i + 1) + " hello/Bag {\"gold\":" + (100 - i)
                                + ",\"items\":{\"bow\":" + i + "}}")
                        .toList());
        cyd.say("hello/Buy", "{\"item\":\"bow\",\"prize\":1}");
        assertThat(cyd.heard(2 + all, HelloPlayersTest::isAnswer).getLast())
                .endsWith("FAILED UnreadableMessage hello/Buy: there is no prize, only [item, price]");
    }
}
