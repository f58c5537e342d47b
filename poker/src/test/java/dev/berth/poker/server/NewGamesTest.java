package dev.berth.poker.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Bytes;
import dev.berth.gate.Ear;
import dev.berth.gate.Ears;
import dev.berth.poker.Catalog;
import dev.berth.poker.OpenTable;
import dev.berth.poker.OpenTable.Heard;
import dev.berth.poker.Player;
import dev.berth.poker.rules.Game;
import dev.berth.poker.rules.Lines;
import dev.berth.poker.rules.Said;
import dev.berth.poker.rules.Terms;
import dev.berth.poker.wire.Packet;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Games that clients open, at a server that lets them and at one that does not, over real sockets: what is answered, how many there can be, and that
 * they are gone when nobody is there any more.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class NewGamesTest {
    private static final int EMPTY_MILLIS = 300;
    private static final long MONEY = 100_000;
    private static final String NEW_GAME = "000c 29 01 04 01 000003e8 000007d0";
    private static final Packet TEST_GAME =
            new Packet.MakeTestGame(2, 2, 1_000, 2_000, 60_000, 60_000, Bytes.wrap(new byte[] {1, 2, 3, 4}));

    private Parlor parlor;
    private PokerServer open;

    @BeforeEach
    void start() throws Exception {
        parlor = new Parlor(1);
        open = open(EMPTY_MILLIS);
        parlor.enroll("ada", "foo", MONEY);
        parlor.enroll("bob", "foo", MONEY);
    }

    private PokerServer open(int emptyMillis) throws Exception {
        return PokerServer.open(
                parlor.node(),
                parlor.game.lobby(parlor.node(), parlor.app),
                parlor.app,
                parlor.any(),
                new PokerServer.NewGames(true, true, emptyMillis));
    }

    @AfterEach
    void stop() {
        open.close();
        parlor.close();
    }

    private Wired login(PokerServer server, String nick) throws Exception {
        Wired wired = new Wired(server.address());
        wired.says(new Packet.Login(nick, "foo"));
        wired.next(Packet.Pid.class);
        return wired;
    }

    private List<Long> games() {
        return IntStream.range(0, Catalog.SHELVES)
                .boxed()
                .flatMap(shelf -> parlor.app.agent(parlor.node(), Catalog.class, shelf).all().stream())
                .map(Catalog.Listed::game)
                .sorted()
                .toList();
    }

    @Test
    void ofAPlayer_isReal_andRefusedWhereTermsAreWrong_orTooManyAreOpen() throws Exception {
        try (PokerServer patient = open(3_600_000);
                Wired ada = login(patient, "ada")) {
            for (String wrong : List.of("03 04 01", "01 01 01", "01 18 01", "01 04 02")) {
                ada.says("000c 29 " + wrong + " 000003e8 000007d0");
                ada.hears("0003 fa 29 00");
            }
            ada.says("000c 29 01 04 01 000007d0 000003e8");
            ada.hears("0003 fa 29 00");
            for (int game = 1; game <= Player.GAMES_MAX; game++) {
                ada.says(NEW_GAME);
                ada.hears("0006 00 29 %08x".formatted(game));
            }
            ada.says(NEW_GAME);
            ada.hears("0003 fa 29 00");
            ada.says(new Packet.SeatQuery(1));
            assertThat(ada.next()).isEqualTo(new Packet.SeatState(1, 1, Packet.SeatState.EMPTY, 0));
            assertThat(games()).containsExactly(1L, 2L, 3L, 4L);
            try (Wired bob = login(patient, "bob")) {
                bob.says(NEW_GAME);
                bob.hears("0006 00 29 00000005");
            }
        }
    }

    @Test
    void ofAPlayer_isGoneWhenNobodyIsThere_andThenHeMayOpenAnother() throws Exception {
        try (Wired ada = login(open, "ada")) {
            int opened = 0;
            while (opened < 3 * Player.GAMES_MAX) {
                ada.says(NEW_GAME);
                opened += ada.next() instanceof Packet.Good ? 1 : 0;
            }
            Parlor.until("all are gone", () -> games().isEmpty());
            ada.says(new Packet.Watch(1));
            ada.isClosed();
        }
    }

    @Test
    void whereItIsNotAllowed_itIsRefused_asIn2008() throws Exception {
        try (Wired ada = new Wired(parlor.at(0))) {
            ada.says(new Packet.Login("ada", "foo"));
            ada.next(Packet.Pid.class);
            ada.says("000c 29 01 04 01 000003e8 000007d0");
            ada.hears("0003 fa 29 03");
            assertThat(games()).isEmpty();
        }
    }

    private long made(Wired maker) throws IOException {
        maker.says(TEST_GAME);
        return maker.next(Packet.Good.class).extra();
    }

    /** On a slow machine a game may be gone before somebody is there; then he takes another. */
    private Wired watching(Wired maker, List<Long> games) throws IOException {
        while (true) {
            long game = made(maker);
            Wired watcher = new Wired(open.address());
            try {
                watcher.says(new Packet.Watch(game));
                watcher.says(new Packet.SeatQuery(game));
                for (int seat = 1; seat <= 2; seat++) {
                    assertThat(watcher.next(Packet.SeatState.class).seat()).isEqualTo(seat);
                }
                games.add(game);
                return watcher;
            } catch (EOFException gone) {
                watcher.close();
            }
        }
    }

    @Test
    void aTestGame_staysWhileSomebodySitsOrHears_andIsGoneThereafter() throws Exception {
        List<Long> held = new ArrayList<>();
        try (Wired maker = new Wired(open.address());
                Wired watcher = watching(maker, held);
                Wired other = watching(maker, held);
                Wired ada = login(open, "ada")) {
            ada.says(new Packet.Join(held.getLast(), 1, 5_000));
            ada.next(Packet.NotifyJoin.class);
            // Where she sits nobody else needs to hear.
            other.says(new Packet.Unwatch(held.getLast()));
            long last = 0;
            for (int i = 0; i < 20; i++) {
                last = made(maker);
            }
            Parlor.until("only those are left where somebody is", () -> games().equals(held));
            // What somebody brings to one that is gone is his again.
            parlor.player(2).join(parlor.player(2).attach(1).login(), last, 1, 1_000);
            Parlor.until("bob has it back", () -> parlor.player(2).info().balance() == MONEY);
            ada.says(new Packet.Leave(held.getLast()));
            Parlor.until("ada has left", () -> parlor.player(1).info().balance() == MONEY);
            Parlor.until("hers is gone", () -> games().equals(held.subList(0, 1)));
            assertThat(watcher.untilNow()).isEmpty();
        }
        Parlor.until("all are gone", () -> games().isEmpty());
    }

    /** Between its look at the table and its first word from there a table with a short delay finds nobody, and rests. */
    @Test
    void tableThatRests_wakesForWhoeverHearsIt() throws Exception {
        Terms terms = new Terms(Game.TEXAS_FIXED, 1, 2, 1_000, 2_000, 1, 60_000, 2);
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        try (Ears ears = Ears.at(parlor.node(), parlor.app)) {
            for (long game = 1_001; game <= 1_020; game++) {
                OpenTable table = parlor.app.agent(parlor.node(), OpenTable.class, game);
                table.open(terms, null);
                table.watch();
            }
            for (long game = 1_001; game <= 1_020; game++) {
                CountDownLatch cancelled = new CountDownLatch(3);
                try (Ear _ =
                        ears.hear(thread, OpenTable.class, game, OpenTable.feed(game), Ears.FROM_NOW, (_, item) -> {
                            if (isCancelled((Heard) item)) {
                                cancelled.countDown();
                            }
                        })) {
                    cancelled.await();
                }
            }
        } finally {
            thread.shutdownNow();
        }
    }

    private static boolean isCancelled(Heard item) {
        return Lines.read(item.lines()).said().stream().anyMatch(Said.Cancelled.class::isInstance);
    }
}
