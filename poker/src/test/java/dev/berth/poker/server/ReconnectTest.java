package dev.berth.poker.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Bytes;
import dev.berth.node.worker.Node;
import dev.berth.poker.Numbers;
import dev.berth.poker.OpenTable;
import dev.berth.poker.Player;
import dev.berth.poker.rules.Game;
import dev.berth.poker.rules.SeatState;
import dev.berth.poker.rules.Terms;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Players who come back: two at a table, over real sockets at two servers. Connections are closed, opened twice, and a server ends in mid-hand; what is heard
 * is compared with what a watcher hears, who was there all the time.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ReconnectTest {
    private static final int TURN_MILLIS = 60_000;

    private Parlor parlor;
    private long game;
    private Wired watcher;

    @BeforeEach
    void start() throws Exception {
        parlor = new Parlor(2);
        parlor.enroll("ada", "foo", 100_000);
        parlor.enroll("bob", "foo", 100_000);
        game = parlor.app.agent(node(), Numbers.class, Numbers.GAMES).take(1);
        table().open(new Terms(Game.TEXAS_FIXED, 1, 4, 1_000, 2_000, 300, TURN_MILLIS, 2), null);
        watcher = new Wired(parlor.at(0));
        watcher.says(new Packet.Watch(game));
    }

    @AfterEach
    void stop() throws Exception {
        watcher.close();
        parlor.close();
    }

    private Node node() {
        return parlor.servers.getFirst().node();
    }

    private OpenTable table() {
        return parlor.app.agent(node(), OpenTable.class, game);
    }

    private Wired login(int server, String nick) throws IOException {
        Wired wired = new Wired(parlor.at(server));
        wired.says(new Packet.Login(nick, "foo"));
        assertThat(wired.next()).isEqualTo(new Packet.Pid(nick.equals("ada") ? 1 : 2));
        return wired;
    }

    private Wired seated(int server, String nick, int seat) throws IOException {
        Wired wired = login(server, nick);
        wired.says(new Packet.Join(game, seat, 50_000));
        assertThat(wired.next(Packet.NotifyJoin.class).seat()).isEqualTo(seat);
        return wired;
    }

    private static byte[] framed(Packet packet) {
        byte[] body = Packets.encode(packet).toArray();
        return ByteBuffer.allocate(2 + body.length)
                .putShort((short) body.length)
                .put(body)
                .array();
    }

    /** Of the hand, up to the first question behind the blinds. */
    private void blinds(Wired ada, Wired bob) throws IOException {
        Packet.BetReq small = ada.next(Packet.BetReq.class);
        ada.says(new Packet.Call(game, small.call()));
        Packet.BetReq big = bob.next(Packet.BetReq.class);
        bob.says(new Packet.Call(game, big.call()));
    }

    /** What a watcher has heard since the hand began. */
    private List<Packet.Notice> seen() throws IOException {
        List<Packet.Notice> hand = new ArrayList<>();
        for (Packet.Notice each : watcher.untilNow()) {
            if (each instanceof Packet.NotifyChat chat && chat.seq() == 0) {
                hand.clear();
            }
            hand.add(each);
        }
        return hand;
    }

    @Test
    @Tag("S3.16")
    @Tag("S3.17")
    @Tag("S3.27")
    @Tag("S3.29")
    void busy_isTakenOver_andHearsTheHandFromItsBeginning_andTheOldConnectionNothing() throws Exception {
        try (Wired ada = seated(0, "ada", 1);
                Wired bob = seated(1, "bob", 2)) {
            blinds(ada, bob);
            bob.next(Packet.GameStage.class);
            ada.next(Packet.GameStage.class);
            Packet.BetReq asked = ada.next(Packet.BetReq.class);

            try (Wired again = login(1, "ada")) {
                List<Packet.Notice> hand = seen();
                for (Packet.Notice each : hand) {
                    assertThat(again.next()).isEqualTo(each);
                }
                assertThat(bob.untilNow()).as("of her change nobody hears").isEmpty();
                ada.says(new Packet.Raise(game, asked.raiseMin()));
                assertThat(ada.untilNow()).isEmpty();
                again.says(new Packet.Call(game, asked.call()));
                assertThat(again.next()).isInstanceOf(Packet.NotifyCall.class);
                assertThat(bob.next()).isInstanceOf(Packet.NotifyCall.class);
                assertThat(ada.untilNow()).isEmpty();
            }
        }
    }

    /**
     * What it asks for first keeps the server busy, so that its connection is gone when its LEAVE has its turn; more of it than the server takes at once, so
     * that answers fail while some of it is still unread.
     */
    @ParameterizedTest
    @ValueSource(ints = {40, 2_000})
    void whoLeavesAndClosesAtOnce_isHeardOut_andHasLeft(int before) throws Exception {
        Wired ada = seated(0, "ada", 1);
        ByteBuffer all = ByteBuffer.allocate(7 * (before + 1));
        for (int i = 0; i < before; i++) {
            all.put(framed(new Packet.SeatQuery(game)));
        }
        ada.says(all.put(framed(new Packet.Leave(game))).array());
        ada.close();

        Player her = parlor.app.agent(parlor.servers.getFirst().node(), Player.class, 1L);
        Parlor.until(
                "she has left and is gone",
                () -> her.info().joined().isEmpty() && !her.info().online());
        assertThat(table().look(1).view().seatOf(1)).isZero();
    }

    @Test
    @Tag("S3.14")
    @Tag("S3.17")
    @Tag("S3.18")
    @Tag("S3.19")
    @Tag("S3.26")
    @Tag("S3.29")
    @Tag("D1")
    void clientIsDown_theSeatStays_andWhoComesBackHearsAllAndPlaysOn() throws Exception {
        try (Wired bob = seated(1, "bob", 2)) {
            Wired ada = seated(0, "ada", 1);
            blinds(ada, bob);
            bob.next(Packet.GameStage.class);
            Packet.BetReq asked = ada.next(Packet.BetReq.class);
            ada.close();
            Player her = parlor.app.agent(node(), Player.class, 1L);
            Parlor.until("her connection is gone", () -> !her.info().online());
            assertThat(table().look(1).view().seatOf(1)).isOne();
            bob.says(new Packet.Chat(game, "where is she?"));
            assertThat(bob.next(Packet.NotifyChat.class).message()).isEqualTo("where is she?");

            try (Wired again = login(1, "ada")) {
                List<Packet.Notice> hand = seen();
                assertThat(hand.getLast()).isInstanceOf(Packet.NotifyChat.class);
                for (Packet.Notice each : hand) {
                    assertThat(again.next()).isEqualTo(each);
                }
                assertThat(bob.untilNow()).as("of her change nobody hears").isEmpty();
                again.says(new Packet.Call(game, asked.call()));
                assertThat(bob.next()).isInstanceOf(Packet.NotifyCall.class);
            }
        }
    }

    /** Ada is asked, and gone: nobody else has to do anything. */
    @Test
    @Tag("S3.20")
    void whoHasNoSocket_foldsWhenHisTimeIsOver_andThenSitsOut_andKeepsHisSeat() throws Exception {
        long quick = parlor.table(new Terms(Game.TEXAS_FIXED, 1, 4, 1_000, 2_000, 300, 3_000, 2));
        watcher.says(new Packet.Watch(quick));
        try (Wired bob = login(1, "bob")) {
            Wired ada = login(0, "ada");
            ada.says(new Packet.Join(quick, 1, 50_000));
            bob.says(new Packet.Join(quick, 2, 50_000));
            Parlor.until("ada is asked for more than a blind", () -> {
                var _ = answers(bob, quick, false);
                return answers(ada, quick, true);
            });
            ada.close();

            Packet.PlayerState folds = watcher.next(Packet.PlayerState.class);
            while (folds.player() != 1) {
                folds = watcher.next(Packet.PlayerState.class);
            }
            assertThat(folds.state()).isEqualTo(SeatState.FOLDED);
            assertThat(watcher.next(Packet.NotifyWin.class).player()).isEqualTo(2);
            Parlor.until("she sits out", () -> {
                var _ = answers(bob, quick, false);
                return parlor.table(quick).look(0).view().seat(1).state() == SeatState.SITTING_OUT;
            });
            long left = parlor.table(quick).look(0).view().seat(1).stack();
            assertThat(left).isPositive();
            try (Wired again = login(1, "ada")) {
                again.says(new Packet.Leave(quick));
                Player her = parlor.app.agent(node(), Player.class, 1L);
                Parlor.until("she has her money", () -> her.info().balance() == 50_000 + left);
            }
        }
    }

    /** Whoever sits out by the slowness of this machine comes back. */
    private boolean answers(Wired whom, long at, boolean stopsAtARaise) {
        try {
            whom.says(new Packet.ComeBack(at));
            for (Packet.Notice each : whom.untilNow()) {
                if (each instanceof Packet.BetReq bet && bet.game() == at) {
                    if (stopsAtARaise && bet.raiseMax() > 0) {
                        return true;
                    }
                    whom.says(new Packet.Call(at, bet.call()));
                }
            }
            return false;
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    /** Her connection and the table are at the same server. */
    @Test
    @Tag("S3.11")
    @Tag("S3.13")
    @Tag("S3.17")
    @Tag("S3.29")
    void serverOfThePlayerAndTheTableEnds_andSheHearsTheHandAtAnother_withTheSameCards() throws Exception {
        int doomed = parlor.ownerOf(OpenTable.class, game);
        int other = 1 - doomed;
        try (Wired bob = seated(other, "bob", 2);
                Wired ada = seated(doomed, "ada", 1);
                Wired sees = new Wired(parlor.at(other))) {
            sees.says(new Packet.Watch(game));
            assertThat(sees.untilNow()).isEmpty();
            blinds(ada, bob);
            bob.next(Packet.GameStage.class);
            List<Packet.NotifyDraw> drawn =
                    List.of(ada.next(Packet.NotifyDraw.class), ada.next(Packet.NotifyDraw.class));
            Packet.BetReq asked = ada.next(Packet.BetReq.class);
            parlor.end(doomed);
            bob.says(new Packet.Chat(game, "it was the server"));
            assertThat(bob.next()).isInstanceOf(Packet.NotifyChat.class);

            try (Wired again = login(0, "ada")) {
                assertThat(again.next(Packet.NotifyChat.class).seq()).isZero();
                Packet.Notice heard = sees.next(Packet.NotifyStartGame.class);
                while (!(heard instanceof Packet.NotifyChat)) {
                    assertThat(again.next()).isEqualTo(heard);
                    heard = sees.next();
                }
                assertThat(again.next()).isEqualTo(heard);
                assertThat(Parlor.cards(table(), 1, Long.MAX_VALUE))
                        .isEqualTo(Bytes.wrap(
                                new byte[] {drawn.get(0).card(), drawn.get(1).card()}));
                assertThat(bob.untilNow()).isEmpty();
                again.says(new Packet.Call(game, asked.call()));
                assertThat(again.next()).isInstanceOf(Packet.NotifyCall.class);
                assertThat(bob.next()).isInstanceOf(Packet.NotifyCall.class);
            }
        }
    }

    @Test
    @Tag("S3.11")
    @Tag("S3.13")
    void serverEndsInMidHand_andTheTableGoesOnElsewhere_withTheSameCardsAndChips() throws Exception {
        // Who sits at the server that stays.
        try (Wired ada = seated(0, "ada", 1);
                Wired bob = seated(0, "bob", 2)) {
            blinds(ada, bob);
            Packet.BetReq asked = ada.next(Packet.BetReq.class);
            long dealt = table().look(0).last();
            Bytes cards = Parlor.cards(table(), 1, dealt);
            assertThat(cards.length()).isEqualTo(2);
            assertThat(Parlor.cards(table(), 1, 0)).as("said before this hand").isEqualTo(Bytes.EMPTY);
            assertThat(table().look(0).view().seats())
                    .allMatch(seat -> seat.cards().length() == 0);
            assertThat(table().look(1).view().seats())
                    .allMatch(seat -> seat.cards().equals(seat.number() == 1 ? cards : Bytes.EMPTY));
            assertThat(table().own(3).cards()).isEqualTo(Bytes.EMPTY);
            long chips = table().look(0).view().seats().stream()
                    .mapToLong(seat -> seat.stack())
                    .sum();

            parlor.end(1);

            assertThat(Parlor.cards(table(), 1, dealt)).isEqualTo(cards);
            assertThat(table().look(0).view().seats().stream()
                            .mapToLong(seat -> seat.stack())
                            .sum())
                    .isEqualTo(chips);
            ada.says(new Packet.Call(game, asked.call()));
            assertThat(bob.next(Packet.NotifyCall.class).player()).isOne();
            Packet.BetReq next = bob.next(Packet.BetReq.class);
            bob.says(new Packet.Fold(game));
            assertThat(next.call()).isZero();
            assertThat(ada.next(Packet.NotifyWin.class).player()).isOne();
        }
    }

    @Test
    @Tag("S3.15")
    @Tag("S3.25")
    @Tag("S3.28")
    void onlineAndIdle_theNewConnectionIsHis_andLoggingOutLeavesTheTable() throws Exception {
        try (Wired old = login(0, "ada");
                Wired ada = login(1, "ada")) {
            old.says(new Packet.Join(game, 3, 1_000));
            assertThat(old.untilNow()).isEmpty();
            ada.says(new Packet.Join(game, 1, 20_000));
            assertThat(ada.next(Packet.NotifyJoin.class).player()).isOne();
            ada.says(new Packet.BalanceReq());
            assertThat(ada.next(Packet.BalanceInfo.class)).isEqualTo(new Packet.BalanceInfo(80_000, 20_000));
            ada.says(new Packet.Logout());
            assertThat(ada.next()).isInstanceOf(Packet.Good.class);
            assertThat(watcher.next(Packet.NotifyLeave.class).player()).isOne();
            Player player = parlor.app.agent(node(), Player.class, 1L);
            Parlor.until("her money is back", () -> player.info().balance() == 100_000);
            assertThat(player.info().online()).isFalse();
        }
    }

    @Test
    @Tag("S3.21")
    @Tag("S3.23")
    void refusals_areToldApart() throws Exception {
        try (Wired wired = new Wired(parlor.at(0))) {
            wired.says(new Packet.Login("nobody", "foo"));
            assertThat(wired.next()).isEqualTo(new Packet.Bad(1, Packet.Bad.NICK_OR_PASSWORD));
            for (int i = 0; i < 5; i++) {
                wired.says(new Packet.Login("bob", "bar"));
                assertThat(wired.next()).isEqualTo(new Packet.Bad(1, Packet.Bad.NICK_OR_PASSWORD));
            }
            wired.says(new Packet.Login("bob", "bar"));
            assertThat(wired.next()).isEqualTo(new Packet.Bad(1, Packet.Bad.ACCOUNT_DISABLED));
            wired.says(new Packet.Login("bob", "foo"));
            assertThat(wired.next()).isEqualTo(new Packet.Bad(1, Packet.Bad.ACCOUNT_DISABLED));
            wired.says(new Packet.Login("ada", "foo"));
            assertThat(wired.next()).isEqualTo(new Packet.Pid(1));
        }
    }

    @Test
    void nonsense_endsTheConnection_andNobodysChipsChange() throws Exception {
        for (String hex :
                List.of("0001 ff", "0002 0100", "0005 03 00000063", "0009 06 00000063 00000001", "0000", "0801")) {
            try (Wired wired = new Wired(parlor.at(0))) {
                wired.says(hex);
                wired.isClosed();
            }
        }
        try (Wired ada = seated(0, "ada", 1)) {
            ada.says(new Packet.Join(game, 9, 1));
            ada.says(new Packet.Join(game, 2, 500_000));
            ada.says(new Packet.Raise(game, 1));
            ada.says(new Packet.Call(game, 0xffffffffL));
            ada.says(new Packet.BalanceReq());
            assertThat(ada.next(Packet.BalanceInfo.class)).isEqualTo(new Packet.BalanceInfo(50_000, 50_000));
        }
    }
}
