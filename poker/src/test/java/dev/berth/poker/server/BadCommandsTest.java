package dev.berth.poker.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.Player;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.wire.Packet;
import dev.berth.poker.wire.Packets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Packets that are whole and mean nothing good, beside a hand that is under way, over real sockets: out of turn, of visitors, of others' games, of former connections,
 * for seats and money that are not there. They are ignored without a word, or answered as the protocol says, and nobody's chips change.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadCommandsTest {
    private static final int ROUNDS = 20;
    private static final long MONEY = HandUnderWay.MONEY;

    private HandUnderWay hand;

    @BeforeAll
    void start() throws Exception {
        hand = new HandUnderWay(new Parlor(2));
    }

    @AfterAll
    void stop() throws Exception {
        hand.goesOn();
        hand.close();
    }

    private static List<Packet> ofPlayers(long game) {
        List<Packet> all = new ArrayList<>(BadPacketsTest.ofGame(game));
        all.removeIf(each -> each instanceof Packet.Watch || each instanceof Packet.SeatQuery);
        return all;
    }

    private void isIgnored(Wired whom, Packet command) throws IOException {
        whom.says(command);
        assertThat(hand.told(whom)).as(command.toString()).isEmpty();
    }

    @Test
    @Tag("S3.1")
    @Tag("S3.18")
    void aVisitor_looksAndListens_andNothingElse() throws Exception {
        try (Wired visitor = new Wired(hand.parlor.at(0))) {
            for (Packet command : ofPlayers(hand.game)) {
                isIgnored(visitor, command);
            }
            isIgnored(visitor, new Packet.NewGameReq(1, 4, 1, 1_000, 2_000));
            isIgnored(visitor, new Packet.BalanceReq());
            isIgnored(visitor, new Packet.PlayerInfoReq(hand.number("mallory")));
            isIgnored(visitor, new Packet.PlayerInfoReq(0));
            isIgnored(visitor, new Packet.PlayerInfoReq(0xffff_ffffL));
            visitor.says("0005 28 %08x".formatted(hand.number("ada")));
            visitor.hears("000e 0f %08x 0000c350 03616461 00".formatted(hand.number("ada")));
            visitor.says("0005 27 %08x".formatted(hand.game));
            visitor.hears(
                    "000b 21 %08x 01 02 %08x".formatted(hand.game, hand.number("ada")),
                    "000b 21 %08x 02 02 %08x".formatted(hand.game, hand.number("bob")),
                    "000b 21 %08x 03 00 00000000".formatted(hand.game),
                    "000b 21 %08x 04 00 00000000".formatted(hand.game));
            visitor.says("0001 02");
            visitor.hears("0006 00 02 00000000");
            visitor.says("0001 fe");
            visitor.hears("0001 fd");
        }
        hand.isUnharmed();
    }

    @Test
    void outOfTurn_andOfAnothersGame_meansNothing() throws Exception {
        for (Packet command : List.of(
                new Packet.Call(hand.game, 0),
                new Packet.Call(hand.game, 1_000),
                new Packet.Raise(hand.game, 1_000),
                new Packet.Fold(hand.game))) {
            isIgnored(hand.bob, command);
        }
        try (Wired mallory = hand.login(0, "mallory")) {
            for (Packet command : ofPlayers(hand.game)) {
                isIgnored(mallory, command);
            }
            // She asked for a seat in mid-hand, and is no watcher therefore.
            isIgnored(mallory, new Packet.Chat(hand.game, "I have not joined"));
            for (Packet command : ofPlayers(hand.lounge)) {
                if (!(command instanceof Packet.Join)) {
                    isIgnored(mallory, command);
                }
            }
        }
        for (Packet command : ofPlayers(hand.lounge)) {
            if (!(command instanceof Packet.Join)) {
                isIgnored(hand.ada, command);
            }
        }
        // A seat of the table where she sits already.
        isIgnored(hand.ada, new Packet.Join(hand.game, 3, 1_000));
        isIgnored(hand.ada, new Packet.SitOut(hand.game));
        isIgnored(hand.ada, new Packet.ComeBack(hand.game));
        hand.isUnharmed();
    }

    @Test
    void seatsAndMoneyThatAreNotThere_areRefusedSilently_andTheBuyInIsBack() throws Exception {
        try (Wired mallory = hand.login(1, "mallory");
                Wired watcher = new Wired(hand.parlor.at(0))) {
            watcher.says(new Packet.Watch(hand.lounge));
            assertThat(hand.told(watcher)).isEmpty();
            for (int seat : new int[] {0, 5, 128, 255}) {
                isIgnored(mallory, new Packet.Join(hand.lounge, seat, 1_000));
                awaitBalance("mallory", MONEY, 0);
            }
            for (long buyIn : new long[] {MONEY + 1, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL}) {
                isIgnored(mallory, new Packet.Join(hand.lounge, 1, buyIn));
            }
            mallory.says(new Packet.BalanceReq());
            mallory.hears("0009 2b %08x 00000000".formatted(MONEY));

            mallory.says("000a 09 %08x 02 %08x".formatted(hand.lounge, MONEY));
            mallory.says("000a 09 %08x 03 %08x".formatted(hand.lounge, 0));
            mallory.says("000a 09 %08x 02 %08x".formatted(hand.lounge, 1));
            int seq = watcher.next(Packet.NotifyJoin.class).seq();
            mallory.hears("000c 15 %08x %08x 02 %04x".formatted(hand.lounge, hand.number("mallory"), seq));
            assertThat(hand.told(mallory)).isEmpty();
            try (Wired eve = hand.login(0, "eve")) {
                isIgnored(eve, new Packet.Join(hand.lounge, 2, 1_000));
                awaitBalance("eve", MONEY, 0);
                eve.says(new Packet.Join(hand.lounge, 3, 0));
                assertThat(eve.next(Packet.NotifyJoin.class).seat()).isEqualTo(3);
                eve.says(new Packet.Leave(hand.lounge));
                assertThat(mallory.next(Packet.NotifyJoin.class).seat()).isEqualTo(3);
                assertThat(mallory.next()).isInstanceOf(Packet.NotifyLeave.class);
            }
            mallory.says(new Packet.Leave(hand.lounge));
            mallory.says(new Packet.Leave(hand.lounge));
            awaitBalance("mallory", MONEY, 0);
            watcher.hears("000c 15 %08x %08x 03 %04x".formatted(hand.lounge, hand.number("eve"), seq + 1));
            watcher.hears("000b 16 %08x %08x %04x".formatted(hand.lounge, hand.number("eve"), seq + 2));
            watcher.hears("000b 16 %08x %08x %04x".formatted(hand.lounge, hand.number("mallory"), seq + 3));
            assertThat(hand.told(watcher)).isEmpty();
            assertThat(hand.told(mallory)).isEmpty();
        }
        hand.isUnharmed();
    }

    private Player.Info info(String nick) {
        return hand.parlor.player(hand.number(nick)).info();
    }

    private void awaitBalance(String nick, long balance, long inPlay) {
        Parlor.until(
                nick + " has " + balance + " and " + inPlay,
                () -> info(nick).balance() == balance && info(nick).inPlay() == inPlay);
    }

    @Test
    @Tag("S3.25")
    void aFormerConnection_canDoNothing_atAnyTable() throws Exception {
        try (Wired former = hand.login(0, "mallory");
                Wired mallory = hand.login(1, "mallory")) {
            mallory.says(new Packet.Join(hand.lounge, 2, 1_000));
            assertThat(mallory.next()).isInstanceOf(Packet.NotifyJoin.class);
            former.says(new Packet.Login("eve", "foo"));
            former.says(new Packet.NewGameReq(1, 4, 1, 1_000, 2_000));
            for (Packet command : ofPlayers(hand.lounge)) {
                former.says(command);
            }
            former.says(new Packet.Watch(hand.lounge));
            former.says(new Packet.Watch(4_711));
            former.says(new Packet.Logout());
            for (Packet command : ofPlayers(hand.game)) {
                former.says(command);
            }
            former.says("0001 fe");
            former.hears("0001 fd");
            assertThat(hand.told(mallory)).isEmpty();
            assertThat(info("mallory").inPlay()).isEqualTo(1_000);
            mallory.says(new Packet.Leave(hand.lounge));
            awaitBalance("mallory", MONEY, 0);
            former.says("0001 fe");
            former.hears("0001 fd");
        }
        hand.isUnharmed();
    }

    @Test
    void wrongNames_areAnsweredWithTheirError() throws Exception {
        String longest = "6e".repeat(255);
        try (Wired wired = new Wired(hand.parlor.at(0))) {
            // Nobody, nobody without a name, and one without a password.
            for (String login : List.of("01 01 6e 00", "01 00 00", "01 ff" + longest + "ff" + longest)) {
                String body = login.replace(" ", "");
                wired.says("%04x".formatted(body.length() / 2) + body);
                wired.hears("0003 fa 01 01");
            }
            wired.says("0006 01 03657665 00");
            wired.hears("0003 fa 01 01");
            // Bytes behind the password mean nothing.
            wired.says("000b 01 03657665 03666f6f ffff");
            wired.hears("0005 23 %08x".formatted(hand.number("eve")));
            wired.says("000c 29 01 04 01 000003e8 000007d0");
            wired.hears("0003 fa 29 03");
        }
        hand.isUnharmed();
    }

    @Test
    @Tag("D3")
    void twoLogInsAtOnce_atTwoServers_areOnePlayer() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            try (Wired one = new Wired(hand.parlor.at(0));
                    Wired two = new Wired(hand.parlor.at(1))) {
                for (Wired each : List.of(one, two)) {
                    each.says(new Packet.Login("mallory", "foo"));
                }
                for (Wired each : List.of(one, two)) {
                    assertThat(each.next()).isEqualTo(new Packet.Pid(hand.number("mallory")));
                }
                one.says(new Packet.Join(hand.lounge, 3, 1_000));
                two.says(new Packet.Join(hand.lounge, 4, 1_000));
                Parlor.until(
                        "one of them sits",
                        () -> seats().size() == 1 && info("mallory").inPlay() == 1_000);
                Wired his = seats().getFirst().number() == 3 ? one : two;
                assertThat(his.next()).isInstanceOf(Packet.NotifyJoin.class);
                Wired other = his == one ? two : one;
                other.says(new Packet.Leave(hand.lounge));
                other.says("0001 fe");
                other.hears("0001 fd");
                assertThat(hand.told(his)).isEmpty();
                his.says(new Packet.Leave(hand.lounge));
                awaitBalance("mallory", MONEY, 0);
            }
        }
        hand.isUnharmed();
    }

    private List<TableView.Seat> seats() {
        return hand.parlor.table(hand.lounge).look(0).view().seats().stream()
                .filter(TableView.Seat::isTaken)
                .toList();
    }

    private static byte[] frames(Packet... packets) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Packet packet : packets) {
            Bytes body = Packets.encode(packet);
            all.write(body.length() >> 8);
            all.write(body.length());
            all.write(body.toArray());
        }
        return all.toByteArray();
    }

    /** As the original's bots do when a hand is over: LEAVE, LOGOUT, and gone. */
    @Test
    @Tag("S3.19")
    void whoWritesAndCloses_isHeard_toTheLastWord() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            try (Wired comes = new Wired(hand.parlor.at(i % 2))) {
                comes.says(frames(new Packet.Login("mallory", "foo"), new Packet.Join(hand.lounge, 4, 2_000)));
            }
            Parlor.until("he sits", () -> seats().size() == 1 && info("mallory").inPlay() == 2_000);
            Parlor.until("his connection is gone", () -> !info("mallory").online());
            try (Wired goes = new Wired(hand.parlor.at((i + 1) % 2))) {
                goes.says(
                        frames(new Packet.Login("mallory", "foo"), new Packet.Leave(hand.lounge), new Packet.Logout()));
            }
            awaitBalance("mallory", MONEY, 0);
            Parlor.until(
                    "he is gone", () -> seats().isEmpty() && !info("mallory").online());
        }
        hand.isUnharmed();
    }
}
