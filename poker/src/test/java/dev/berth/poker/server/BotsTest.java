package dev.berth.poker.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.node.worker.Node;
import dev.berth.poker.Numbers;
import dev.berth.poker.OpenTable;
import dev.berth.poker.Player;
import dev.berth.poker.bot.Crowd;
import dev.berth.poker.bot.KnownHand;
import dev.berth.poker.bot.Regular;
import dev.berth.poker.bot.RiggedGame;
import dev.berth.poker.bot.RiggedHand;
import dev.berth.poker.bot.RiggedResult;
import dev.berth.poker.rules.Game;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.rules.Terms;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The original's test games, and a crowd that plays as it likes, through a gateway and over real sockets. The bots complain of whatever the original client would have
 * crashed at, and of everything that is lost, doubled or wrong.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BotsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int RIGGED = 5;
    private static final int TABLES = 2;
    private static final int SEATS = 4;
    private static final long MONEY = 1_000_000;

    private Parlor parlor;
    private InetSocketAddress gateway;

    @BeforeEach
    void start() throws Exception {
        parlor = new Parlor(2);
        gateway = parlor.gateway();
    }

    @AfterEach
    void stop() {
        parlor.close();
    }

    @Test
    @Tag("S3.31")
    void gamesWithKnownCards_endAsTheyHaveTo() throws Exception {
        for (int i = 0; i < RIGGED; i++) {
            parlor.enroll("one" + i, RiggedHand.PASSWORD, 50_000);
            parlor.enroll("two" + i, RiggedHand.PASSWORD, 50_000);
        }
        List<CompletableFuture<RiggedResult>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < RIGGED; i++) {
                RiggedHand hand = KnownHand.of("one" + i, "two" + i, 8_000);
                CompletableFuture<RiggedResult> result = new CompletableFuture<>();
                results.add(result);
                threads.execute(() -> {
                    try {
                        result.complete(RiggedGame.play(gateway, hand, PATIENCE));
                    } catch (Exception failed) {
                        result.completeExceptionally(failed);
                    }
                });
            }
        }
        for (CompletableFuture<RiggedResult> result : results) {
            assertThat(result.join().failures()).isEmpty();
        }
    }

    @Test
    @Tag("S3.11")
    @Tag("S3.12")
    @Tag("S3.17")
    @Tag("S3.29")
    void crowdPlaysOn_whenAServerEnds_andNoChipIsLost() throws Exception {
        List<Regular> crowd = new ArrayList<>();
        List<Long> games = new ArrayList<>();
        for (int table = 0; table < TABLES; table++) {
            long game = parlor.app.agent(node(), Numbers.class, Numbers.GAMES).take(1);
            games.add(game);
            table(game).open(new Terms(Game.TEXAS_FIXED, 1, SEATS, 1_000, 2_000, 200, 20_000, 2), null);
            for (int seat = 1; seat <= SEATS; seat++) {
                String nick = "bot" + table + seat;
                parlor.enroll(nick, "foo", MONEY);
                crowd.add(new Regular(nick, "foo", game, seat, 100_000, seat));
            }
        }
        try (Crowd bots = Crowd.open(List.of(gateway), crowd)) {
            await("they play", bots, 30);
            parlor.end(1);
            long before = bots.tally().actions();
            await("they play on", bots, before + 60);
            assertThat(bots.tally().findings()).isEmpty();
            assertThat(bots.tally().reconnects()).isPositive();
        }
        assertThat(chips(games)).isEqualTo(MONEY * TABLES * SEATS);
    }

    private static void await(String what, Crowd bots, long actions) {
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (bots.tally().actions() < actions) {
            assertThat(bots.tally().findings()).as(what).isEmpty();
            assertThat(System.nanoTime()).as(what).isLessThan(until);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Node node() {
        return parlor.servers.getFirst().node();
    }

    private OpenTable table(long game) {
        return parlor.app.agent(node(), OpenTable.class, game);
    }

    /** All that there is, when what is under way between players and tables has arrived. */
    private long chips(List<Long> games) {
        long wanted = MONEY * TABLES * SEATS;
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        long sum = 0;
        while (sum != wanted && System.nanoTime() < until) {
            sum = 0;
            for (long game : games) {
                TableView view = table(game).look(0).view();
                sum += view.pot()
                        + view.seats().stream().mapToLong(TableView.Seat::stack).sum();
            }
            for (long player = 1; player <= TABLES * SEATS; player++) {
                sum += parlor.app.agent(node(), Player.class, player).info().balance();
            }
        }
        return sum;
    }
}
