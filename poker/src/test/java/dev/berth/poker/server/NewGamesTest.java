package dev.berth.poker.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.Catalog;
import dev.berth.poker.Player;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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

    private Parlor parlor;
    private PokerServer open;

    @BeforeEach
    void start() throws Exception {
        parlor = new Parlor(1);
        open = PokerServer.open(
                parlor.node(),
                parlor.game.lobby(parlor.node(), parlor.app),
                parlor.app,
                parlor.any(),
                new PokerServer.NewGames(true, true, EMPTY_MILLIS));
        parlor.enroll("ada", "foo", MONEY);
        parlor.enroll("bob", "foo", MONEY);
    }

    @AfterEach
    void stop() {
        open.close();
        parlor.close();
    }

    private Wired login(String nick) throws Exception {
        Wired wired = new Wired(open.address());
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

    private interface Condition {
        boolean holds();
    }

    private static void until(String what, Condition condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(50);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void ofAPlayer_isReal_andRefusedWhereTermsAreWrong_orTooManyAreOpen() throws Exception {
        try (Wired ada = login("ada")) {
            for (String wrong : List.of("03 04 01", "01 01 01", "01 18 01", "01 04 02")) {
                ada.says("000c 29 " + wrong + " 000003e8 000007d0");
                ada.hears("0003 fa 29 00");
            }
            ada.says("000c 29 01 04 01 000007d0 000003e8");
            ada.hears("0003 fa 29 00");
            for (int game = 1; game <= Player.GAMES_MAX; game++) {
                ada.says("000c 29 01 04 01 000003e8 000007d0");
                ada.hears("0006 00 29 %08x".formatted(game));
                ada.says(new Packet.Watch(game));
            }
            ada.says("000c 29 01 04 01 000003e8 000007d0");
            ada.hears("0003 fa 29 00");
            ada.says(new Packet.SeatQuery(1));
            assertThat(ada.next()).isEqualTo(new Packet.SeatState(1, 1, Packet.SeatState.EMPTY, 0));
            assertThat(games()).containsExactly(1L, 2L, 3L, 4L);
        }
        // Hers are empty now, and gone soon: then she may open others.
        until("all are gone", () -> games().isEmpty());
        try (Wired ada = login("ada")) {
            ada.says("000c 29 02 04 01 000003e8 000007d0");
            ada.hears("0006 00 29 00000005");
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

    @Test
    void aTestGame_staysWhileSomebodySitsOrHears_andIsGoneThereafter() throws Exception {
        String make = HexFormat.of()
                .formatHex(Packets.encode(new Packet.MakeTestGame(
                                2, 2, 1_000, 2_000, 60_000, 60_000, Bytes.wrap(new byte[] {1, 2, 3, 4})))
                        .toArray());
        try (Wired maker = new Wired(open.address())) {
            for (int game = 1; game <= 20; game++) {
                maker.says("%04x".formatted(make.length() / 2) + make);
                maker.hears("0006 00 fc %08x".formatted(game));
            }
        }
        try (Wired watcher = new Wired(open.address());
                Wired ada = login("ada")) {
            watcher.says(new Packet.Watch(20));
            ada.says(new Packet.Join(19, 1, 5_000));
            ada.next(Packet.NotifyJoin.class);
            until("only those are left where somebody is", () -> games().size() <= 2);
            List<Long> left = new ArrayList<>(games());
            assertThat(left).containsExactly(19L, 20L);
            // What somebody brings to one that is gone is his again.
            parlor.player(2).join(parlor.player(2).attach(1).login(), 7, 1, 1_000);
            until("bob has it back", () -> parlor.player(2).info().balance() == MONEY);
            ada.says(new Packet.Leave(19));
            until("ada has left", () -> parlor.player(1).info().balance() == MONEY);
        }
        until("all are gone", () -> games().isEmpty());
    }
}
