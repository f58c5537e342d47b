package dev.berth.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.client.BerthClient;
import dev.berth.client.News;
import dev.berth.core.record.RecordBook;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The hello game with servers of three places each and two gateways, all processes, and players' programs that know the gateways only. Servers fill
 * up, one is added, one is killed, then the gateways: nobody who plays notices more than a pause, and what he buys he buys
 * once. {@code mvn -pl lab -am test -Pfaults -Dtest=HelloGatewaysTest -Dsurefire.failIfNoSpecifiedTests=false}; a minute.
 */
@EnabledIfSystemProperty(named = "berth.faults", matches = "true")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HelloGatewaysTest {
    record Bag(long gold, Map<String, Integer> items) {}

    record Buy(String item, int price) {}

    private static final RecordBook BOOK =
            RecordBook.named("hello").with(Bag.class, Buy.class).build();
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int PLACES = 3;
    // More slots than servers: one that finds all of them owned stands by, and is not there for clients either.
    private static final String PLAN = """
        cluster = hello
        coordinator { port = 7281 }
        masters = ["127.0.0.1:7271"]
        services { hello { capacity = 6, buckets = 16 } }
        nodes {
          store { kind = store, listen = "127.0.0.1:7291" }
          game-1 {
            kind = worker, class = Hello, classpath = [classes], jvm = [-Xmx256m]
            services { hello { slots = 6, standby = true } }
            args = [--gate, "127.0.0.1:7401"], http = "127.0.0.1:7501"
          }
          game-2 {
            kind = worker, class = Hello, classpath = [classes], jvm = [-Xmx256m]
            services { hello { slots = 6, standby = true } }
            args = [--gate, "127.0.0.1:7402"], http = "127.0.0.1:7502"
          }
          door {
            kind = worker, class = Hello, classpath = [classes], jvm = [-Xmx256m]
            args = [--gateway, "127.0.0.1:730{n}"], count = 2
          }
        }
        """;

    @TempDir
    Path dir;

    private final List<Player> players = new ArrayList<>();
    private HelloTown town;

    @BeforeEach
    void start() throws Exception {
        town = new HelloTown(dir, PLAN);
    }

    @AfterEach
    void stop() {
        players.forEach(player -> player.client.close());
        town.close();
    }

    private static final class Player {
        private final BlockingQueue<String> online = new LinkedBlockingQueue<>();
        private final Queue<News.Offline> offline = new ConcurrentLinkedQueue<>();
        private final BerthClient client;
        private int bought;

        Player(int number, String... gateways) {
            client = BerthClient.to(gateways)
                    .credentials(String.valueOf(number), "")
                    .records(BOOK)
                    .onOnline(news -> online.add(news.uid()))
                    .onOffline(offline::add)
                    .connect();
        }

        void buys() throws InterruptedException {
            bought++;
            assertThat(client.ask(new Buy("bow", 1), LONG).as(Bag.class))
                    .isEqualTo(new Bag(100 - bought, Map.of("bow", bought)));
        }

        boolean isTold(String why) {
            return offline.stream().anyMatch(news -> news.why().startsWith(why));
        }
    }

    private Player player() {
        Player player = new Player(players.size() + 1, town.gateways());
        players.add(player);
        return player;
    }

    private void allBuy() throws InterruptedException {
        for (Player player : players) {
            player.buys();
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void until(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within a minute: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private void untilTaken(int places, int server) throws Exception {
        until(places + " play at game-" + server, () -> town.metric(server, "berth_gate_places_taken") == places);
    }

    @Test
    @Tag("S3.10")
    @Tag("S3.12")
    @Tag("S3.30")
    @Tag("S3.31")
    @Tag("S3.33")
    @Tag("S3.34")
    @Tag("S3.35")
    @Tag("D4")
    void playersFindServers_thatFillUp_areAdded_andAreKilled_byGatewaysThatAreKilledToo() throws Exception {
        town.set("gate.places", String.valueOf(PLACES));
        for (int server : new int[] {1, 2}) {
            until("game-" + server + " knows", () -> town.metric(server, "berth_gate_places") == PLACES);
        }

        for (int i = 0; i < 2 * PLACES; i++) {
            player();
        }
        allBuy();
        untilTaken(PLACES, 1);
        untilTaken(PLACES, 2);

        Player late = player();
        until("it is told", () -> late.isTold("NO_PLACE none of 2 servers has a place: 2 full, 0 silent"));
        assertThat(late.offline)
                .allSatisfy(news -> assertThat(news.retryIn()).isGreaterThanOrEqualTo(Duration.ofSeconds(1)));
        town.addThird("game");
        allBuy();
        untilTaken(1, 3);

        town.kill("game-1");
        allBuy();
        assertThat(players).filteredOn(player -> player.online.size() > 1).hasSize(PLACES);

        until("all are in", () -> playing() == players.size());
        players.forEach(player -> player.offline.clear());
        town.kill("door-1");
        player();
        allBuy();
        town.kill("door-1", "door-2");
        allBuy();
        players.removeLast().client.close();
        assertThat(players).allSatisfy(player -> assertThat(player.offline).isEmpty());
    }

    private int playing() throws Exception {
        int all = 0;
        for (int server = 1; server <= 3; server++) {
            all += (int) Math.max(0, town.metric(server, "berth_gate_places_taken"));
        }
        return all;
    }
}
