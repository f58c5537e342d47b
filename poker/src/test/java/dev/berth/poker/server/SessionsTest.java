package dev.berth.poker.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Bytes;
import dev.berth.node.worker.Node;
import dev.berth.poker.Numbers;
import dev.berth.poker.OpenTable;
import dev.berth.poker.Player;
import dev.berth.poker.rules.Card;
import dev.berth.poker.rules.Game;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.rules.Terms;
import dev.berth.poker.wire.Packet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Users by sessions, in JSON and by two gates, at a table with clients of 2008, over real sockets. They play, lose their gates, log in by the one and then by the other, and
 * say nonsense; chips are counted at the end of each test.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SessionsTest {
    private static final int TURN_MILLIS = 60_000;
    private static final long MONEY = 100_000;
    private static final int SILENCES = 10;
    private static final String GAME = "{\"game\":1}";

    private Parlor parlor;

    @BeforeEach
    void start() throws Exception {
        parlor = new Parlor(2);
        for (String nick : List.of("ada", "bob", "cleo")) {
            parlor.enroll(nick, "foo", MONEY);
        }
        parlor.app.agent(node(), Numbers.class, Numbers.GAMES).take(1);
        table().open(new Terms(Game.TEXAS_FIXED, 1, 4, 1_000, 2_000, 300, TURN_MILLIS, 2), null);
        parlor.gate();
        parlor.gate();
    }

    @AfterEach
    void stop() {
        try {
            assertThat(chips()).isEqualTo(3 * MONEY);
        } finally {
            parlor.close();
        }
    }

    private Node node() {
        return parlor.servers.getFirst().node();
    }

    private OpenTable table() {
        return parlor.app.agent(node(), OpenTable.class, 1L);
    }

    /** All that there is, when what is under way between players and tables has arrived. */
    private long chips() {
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        long sum = 0;
        while (sum != 3 * MONEY && System.nanoTime() < until) {
            TableView view = table().look(0).view();
            sum = view.pot()
                    + view.seats().stream().mapToLong(TableView.Seat::stack).sum();
            for (long player = 1; player <= 3; player++) {
                sum += parlor.app.agent(node(), Player.class, player).info().balance();
            }
            LockSupport.parkNanos(1_000_000);
        }
        return sum;
    }

    private Guest guest(String nick) throws InterruptedException {
        Guest guest = Guest.of(nick, parlor.gates());
        assertThat(guest.ask("enter", "{}")).containsEntry("nick", nick).containsEntry("here", true);
        return guest;
    }

    private static Guest sits(Guest guest, int seat) throws InterruptedException {
        guest.ask("sit", "{\"game\":1,\"seat\":" + seat + ",\"buyIn\":50000}");
        guest.until(said -> Guest.lines(said).stream()
                .anyMatch(line -> "join".equals(line.get("what")) && Guest.number(line, "seat") == seat));
        return guest;
    }

    private Wired wired(String nick) throws IOException {
        Wired wired = new Wired(parlor.at(0));
        wired.says(new Packet.Login(nick, "foo"));
        assertThat(wired.next()).isEqualTo(new Packet.Pid(nick.equals("ada") ? 1 : 2));
        return wired;
    }

    private Wired wiredAt(String nick, int seat) throws IOException {
        Wired wired = wired(nick);
        wired.says(new Packet.Join(1, seat, 50_000));
        assertThat(wired.next(Packet.NotifyJoin.class).seat()).isEqualTo(seat);
        return wired;
    }

    private static void calls(Guest guest, Map<?, ?> own) throws InterruptedException {
        guest.ask("call", "{\"game\":1,\"amount\":" + Guest.number(own, "turn", "call") + "}");
    }

    private static void calls(Wired wired) throws IOException {
        wired.says(new Packet.Call(1, wired.next(Packet.BetReq.class).call()));
    }

    /** Ada sits at 1 and posts the small blind, Bob at 2 the big one; then it is Ada's turn. */
    private static void blinds(Guest ada, Wired bob) throws Exception {
        calls(ada, ada.turn(1));
        calls(bob);
    }

    /** Whether the one is told what the other says. */
    private static boolean hears(Wired speaker, Wired other) {
        try {
            speaker.says(new Packet.Chat(1, "who hears me?"));
            speaker.next(Packet.NotifyChat.class);
            return !other.untilNow().isEmpty();
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    private static List<String> cards(Bytes cards) {
        return IntStream.range(0, cards.length())
                .mapToObj(place -> Card.text(cards.at(place)))
                .toList();
    }

    @Test
    void sessionPlaysAHand_besideAClientOf2008_andNobodyElseHearsItsCards() throws Exception {
        try (Guest ada = sits(guest("ada"), 1);
                Wired bob = wiredAt("bob", 2);
                Guest cleo = guest("cleo");
                Guest visitor = Guest.visitor(parlor.gates())) {
            cleo.ask("watch", GAME);
            blinds(ada, bob);
            Map<?, ?> own = ada.turn(1);
            assertThat(own.get("cards")).isEqualTo(cards(Parlor.cards(table(), 1, Long.MAX_VALUE)));
            assertThat((List<?>) own.get("cards")).hasSize(2);
            assertThat(own.get("turn")).isEqualTo(Map.of("call", 500L, "raiseMin", 1_000L, "raiseMax", 1_000L));
            assertThat(cleo.ask("own", GAME)).containsEntry("cards", List.of()).containsEntry("turn", null);
            assertThat(visitor.ask("look", GAME).toString()).doesNotContain("cards", "turn=");

            ada.ask("raise", "{\"game\":1,\"amount\":1000}");
            calls(bob);
            for (int round = 2; round <= 4; round++) {
                calls(bob);
                calls(ada, ada.turn(1));
            }
            ada.line("end");
            assertThat(bob.next(Packet.NotifyEndGame.class).game()).isOne();
            assertThat(cleo.line("end")).isNotEmpty();
            for (String said : cleo.heard) {
                assertThat(said).doesNotContain("raiseMin", "cards", "asked", "poker/h");
                assertThat(said).doesNotContainPattern("\"dealt\"[^}]*\"text\":\"[^\"]");
            }
            assertThat(cleo.heard.toString()).contains("\"dealt\"", "\"raise\"", "\"win\"");
        }
    }

    @Test
    @Tag("S3.11")
    @Tag("S3.12")
    @Tag("S3.13")
    @Tag("S3.17")
    void gatesEndInMidHand_andTheirUserHearsWhatHeMissed_knowsHisCardsAndHisTurnAgain_andPlaysOn() throws Exception {
        try (Guest ada = sits(guest("ada"), 1);
                Wired bob = wiredAt("bob", 2)) {
            blinds(ada, bob);
            Map<?, ?> own = ada.turn(1);
            long before = Guest.number(own, "last");
            parlor.replaceGates(() -> {
                for (String text : List.of("one", "two")) {
                    bob.says(new Packet.Chat(1, text));
                    assertThat(bob.next(Packet.NotifyChat.class).message()).isEqualTo(text);
                }
            });
            assertThat(ada.online.poll(1, TimeUnit.MINUTES)).isNotNull();
            for (String text : List.of("one", "two")) {
                assertThat(Guest.lines(ada.line("chat")))
                        .singleElement()
                        .satisfies(line -> assertThat(line.get("text")).isEqualTo(text));
            }
            Map<Object, Object> again = ada.ask("own", GAME);
            assertThat(again.put("last", before)).isEqualTo(before + 2);
            assertThat(again).isEqualTo(own);
            calls(ada, own);
            assertThat(bob.next(Packet.NotifyCall.class).amount()).isEqualTo(500);
            assertThat(ada.line("call").get("acting")).isEqualTo(2L);
            assertThat(bob.untilNow().stream().filter(Packet.BetReq.class::isInstance))
                    .hasSize(1);
            bob.says(new Packet.Fold(1));
            assertThat(ada.line("win")).isNotEmpty();
        }
    }

    @Test
    @Tag("S3.16")
    @Tag("S3.25")
    void theNewestLogInWins_ofASessionAndAClientOf2008() throws Exception {
        try (Guest ada = sits(guest("ada"), 1);
                Wired bob = wiredAt("bob", 2)) {
            blinds(ada, bob);
            Map<?, ?> own = ada.turn(1);

            try (Wired old = wired("ada")) {
                // Its session is told, and plays no more.
                ada.until(told -> !told.containsKey("lines"));
                assertThat(ada.refused("call", "{\"game\":1,\"amount\":500}"))
                        .startsWith("Denied: you have logged in by something else");
                assertThat(ada.refused("leave", GAME)).startsWith("Denied: you have logged in");
                assertThat(ada.refused("chat", "{\"game\":1,\"text\":\"hi\"}"))
                        .startsWith("Denied: you have logged in");
                assertThat(ada.ask("purse", "{}")).containsEntry("here", false);
                old.says(new Packet.Call(1, 500));
                assertThat(bob.next(Packet.NotifyCall.class).amount()).isEqualTo(500);
                bob.says(new Packet.Call(1, 0));
                bob.says(new Packet.Call(1, 0));
                assertThat(old.next(Packet.BetReq.class).call()).isZero();

                assertThat(ada.ask("enter", "{}")).containsEntry("games", List.of(1L));
                int[] silences = {0};
                Parlor.until("the client of 2008 hears nothing more", () -> {
                    silences[0] = hears(bob, old) ? 0 : silences[0] + 1;
                    return silences[0] == SILENCES;
                });
                old.says(new Packet.Fold(1));
                old.says(new Packet.Leave(1));
                old.untilNow();
                Map<?, ?> again = ada.ask("own", GAME);
                assertThat(again.get("cards")).isEqualTo(own.get("cards"));
                assertThat(Guest.number(again, "turn", "call")).isZero();
                ada.ask("raise", "{\"game\":1,\"amount\":1000}");
                assertThat(bob.next(Packet.NotifyRaise.class).player()).isOne();
            }
            // Another device of his: the first one is over.
            try (Guest second = guest("ada")) {
                assertThat(ada.ended.poll(1, TimeUnit.MINUTES).code()).isEqualTo("REPLACED");
                assertThat(second.ask("own", GAME).get("cards")).isEqualTo(own.get("cards"));
                second.ask("quit", "{}");
                assertThat(bob.next(Packet.PlayerState.class).player()).isOne();
            }
        }
    }

    @Test
    void whatMeansNothing_isRefusedByName_andNothingHappens() throws Exception {
        try (Guest stranger = Guest.of("cleo", parlor.gates());
                Guest ada = guest("ada");
                Wired bob = wiredAt("bob", 2);
                Guest visitor = Guest.visitor(parlor.gates())) {
            assertThat(visitor.refused("call", "{\"game\":1,\"amount\":1}")).startsWith("NotLoggedIn");
            assertThat(visitor.ask("lobby", "{\"from\":0}").toString()).contains("kind=TEXAS_FIXED", "seats=4");
            assertThat(visitor.ask("who", "{\"player\":2}")).containsEntry("nick", "bob");
            assertThat(visitor.refused("look", "{\"game\":9}")).isEqualTo("Denied: there is no game 9");
            assertThat(visitor.refused("who", "{\"player\":9}")).isEqualTo("Denied: there is no player 9");
            assertThat(stranger.refused("sit", "{\"game\":1,\"seat\":3,\"buyIn\":1}"))
                    .startsWith("Denied: you have logged in");
            for (String buy : List.of("\"seat\":0,\"buyIn\":1", "\"seat\":5,\"buyIn\":1")) {
                assertThat(ada.refused("sit", "{\"game\":1," + buy + "}"))
                        .startsWith("Denied: game 1 has seats 1 to 4");
            }
            assertThat(ada.refused("sit", "{\"game\":1,\"seat\":2,\"buyIn\":1}"))
                    .isEqualTo("Denied: seat 2 is taken");
            for (String buyIn : List.of("100001", "0", "-1")) {
                assertThat(ada.refused("sit", "{\"game\":1,\"seat\":1,\"buyIn\":" + buyIn + "}"))
                        .startsWith("Denied: a buy-in is 1 to 100000");
            }
            for (String what : List.of("leave", "sitOut", "comeBack", "fold")) {
                assertThat(ada.refused(what, GAME)).isEqualTo("Denied: you have no seat in game 1");
            }
            assertThat(ada.refused("call", "{\"game\":1,\"amount\":\"much\"}")).startsWith("UnreadableMessage");
            assertThat(ada.refused("call", "[")).startsWith("UnreadableMessage");
            assertThat(ada.refused("raise", "{\"game\":1,\"amount\":-1}")).startsWith("UnreadableMessage");
            assertThat(ada.refused("chat", "{\"game\":1,\"text\":\"\u2660\"}")).startsWith("UnreadableMessage");
            assertThat(ada.refused("steal", "{}")).startsWith("UnknownMessage");

            sits(ada, 1);
            assertThat(ada.refused("sit", "{\"game\":1,\"seat\":3,\"buyIn\":1}"))
                    .contains("a seat in game 1 already");
            Map<?, ?> own = ada.turn(1);
            assertThat(ada.refused("raise", "{\"game\":1,\"amount\":1000}"))
                    .startsWith("Denied: there is nothing to raise");
            assertThat(ada.refused("call", "{\"game\":1,\"amount\":501}"))
                    .isEqualTo("Denied: a call is 500 here, not 501");
            calls(ada, own);
            Packet.BetReq big = bob.next(Packet.BetReq.class);
            assertThat(ada.refused("call", "{\"game\":1,\"amount\":1000}"))
                    .isEqualTo("Denied: it is not your turn: seat 2 is asked");
            bob.says(new Packet.Call(1, big.call()));
            ada.turn(1);
            assertThat(ada.refused("raise", "{\"game\":1,\"amount\":999}"))
                    .isEqualTo("Denied: a raise is 1000 to 1000 on top of the call here, not 999");
            assertThat(table().look(0).view().pot()).isEqualTo(1_500);
        }
    }
}
