package dev.berth.poker.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.poker.Numbers;
import dev.berth.poker.OpenTable;
import dev.berth.poker.rules.Game;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.rules.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two users by sessions play five-card draw, in JSON and over real sockets, and give cards away; a visitor, who is told nothing, asks what was said. What he is answered is
 * compared with what they have heard.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DrawSessionsTest {
    private static final int TURN_MILLIS = 60_000;
    /** Much more than one answer holds. */
    private static final int CHATS = 20;

    private static final String GAME = "{\"game\":1}";

    private Parlor parlor;
    private Guest ada;
    private Guest bob;

    @BeforeEach
    void start() throws Exception {
        parlor = new Parlor(1);
        long number =
                parlor.app.agent(parlor.node(), Numbers.class, Numbers.GAMES).take(1);
        table().open(new Terms(Game.FIVE_CARD_DRAW, 1, 4, 1_000, 2_000, 300, TURN_MILLIS, 2), null);
        assertThat(number).isOne();
        for (String nick : List.of("ada", "bob")) {
            parlor.enroll(nick, "foo", 100_000);
        }
        parlor.gate();
        ada = sits("ada", 1);
        bob = sits("bob", 2);
    }

    @AfterEach
    void stop() {
        ada.close();
        bob.close();
        parlor.close();
    }

    private OpenTable table() {
        return parlor.table(1);
    }

    private Guest sits(String nick, int seat) throws InterruptedException {
        Guest guest = Guest.of(nick, parlor.gates());
        guest.ask("enter", "{}");
        guest.ask("sit", "{\"game\":1,\"seat\":" + seat + ",\"buyIn\":50000}");
        guest.until(said -> Guest.lines(said).stream()
                .anyMatch(line -> "join".equals(line.get("what")) && Guest.number(line, "seat") == seat));
        return guest;
    }

    private static void calls(Guest guest, int seat) throws InterruptedException {
        guest.ask("call", "{\"game\":1,\"amount\":" + Guest.number(guest.turn(seat), "turn", "call") + "}");
    }

    /** His own hand when he is asked for cards; at a draw no step says so, the table does. */
    private static Map<Object, Object> drawing(Guest guest) {
        List<Map<Object, Object>> found = new ArrayList<>();
        Parlor.until("he is asked for cards", () -> {
            try {
                Map<Object, Object> own = guest.ask("own", GAME);
                found.add(own);
                return Boolean.TRUE.equals(own.get("discard"));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new AssertionError(stopped);
            }
        });
        return found.getLast();
    }

    private void blindsAndBets() throws InterruptedException {
        calls(ada, 1);
        calls(bob, 2);
        calls(ada, 1);
        calls(bob, 2);
    }

    @Test
    void cardsAreGivenAway_andWhatCannotBeIsRefused() throws Exception {
        blindsAndBets();
        Map<Object, Object> before = drawing(bob);
        assertThat(before.get("turn")).isNull();
        List<?> cards = (List<?>) Objects.requireNonNull(before.get("cards"));
        assertThat(cards).hasSize(5);
        assertThat(bob.refused("call", "{\"game\":1,\"amount\":0}"))
                .isEqualTo("Denied: you are asked which cards you give away");
        assertThat(ada.refused("discard", "{\"game\":1,\"cards\":[]}"))
                .isEqualTo("Denied: it is not your turn: seat 2 is asked");
        assertThat(bob.refused("discard", "{\"game\":1,\"cards\":[\"1x\"]}"))
                .isEqualTo("Denied: you do not have the card 1x");
        assertThat(bob.refused("discard", "{\"game\":1,\"cards\":[\"2c\",\"2c\",\"2c\",\"2c\",\"2c\",\"2c\"]}"))
                .startsWith("UnreadableMessage");

        bob.ask("discard", "{\"game\":1,\"cards\":[\"" + cards.get(1) + "\",\"" + cards.get(4) + "\"]}");
        assertThat(Guest.number(Guest.lines(bob.line("discard")).getFirst(), "amount"))
                .isEqualTo(2);
        List<?> after = (List<?>) Objects.requireNonNull(bob.ask("own", GAME).get("cards"));
        for (int place = 0; place < 5; place++) {
            assertThat(after.get(place).equals(cards.get(place)))
                    .as("card " + place)
                    .isEqualTo(place != 1 && place != 4);
        }
        drawing(ada);
        ada.ask("discard", "{\"game\":1,\"cards\":[]}");
        assertThat(Guest.number(Guest.lines(ada.line("discard")).getFirst(), "amount"))
                .isEqualTo(2);
        assertThat(Guest.number(Guest.lines(ada.line("discard")).getFirst(), "amount"))
                .isEqualTo(0);
        assertThat(bob.refused("discard", "{\"game\":1,\"cards\":[]}")).startsWith("Denied: you are asked for a bet");
        calls(bob, 2);
        ada.ask("fold", GAME);
        assertThat(bob.line("win")).isNotEmpty();
        TableView view = table().look(0).view();
        assertThat(view.seats().stream().mapToLong(TableView.Seat::stack).sum() + view.pot())
                .isEqualTo(100_000);
    }

    /** Of this hand, each step once and in order, in as many answers as it takes; and no cards. */
    @Test
    void aVisitor_readsWhatWasSaid_andNothingElse() throws Exception {
        blindsAndBets();
        drawing(bob);
        for (int i = 0; i < CHATS; i++) {
            bob.ask("chat", "{\"game\":1,\"text\":\"" + "\u00e9".repeat(255) + "\"}");
        }
        bob.ask("discard", "{\"game\":1,\"cards\":[]}");
        long last = table().look(0).last();
        bob.line("discard");
        ada.line("discard");
        List<Object> told = new ArrayList<>(ada.told);
        try (Guest visitor = Guest.visitor(parlor.gates())) {
            List<Object> read = read(visitor, last);
            assertThat(read(ada, last)).as("a user who hears it may ask too").isEqualTo(read);
            assertThat(read).hasSizeGreaterThan(CHATS);
            assertThat(told).hasSizeGreaterThanOrEqualTo(read.size());
            assertThat(told.subList(told.size() - read.size(), told.size())).isEqualTo(read);
            assertThat(Guest.lines((Map<?, ?>) Objects.requireNonNull(read.getFirst())))
                    .anySatisfy(line -> assertThat(line.get("what")).isEqualTo("start"));
            Map<Object, Object> none = visitor.ask("past", "{\"game\":1,\"from\":" + (last + 1) + "}");
            assertThat(none).containsEntry("said", List.of()).containsEntry("first", last + 1);
            assertThat(visitor.refused("past", "{\"game\":9,\"from\":1}")).isEqualTo("Denied: there is no game 9");
            assertThat(ada.ask("past", "{\"game\":1,\"from\":" + last + "}").get("said"))
                    .isEqualTo(read.subList(read.size() - 1, read.size()));
        }
    }

    private static List<Object> read(Guest whom, long last) throws InterruptedException {
        long next = 1;
        List<Object> read = new ArrayList<>();
        while (next <= last) {
            Map<Object, Object> past = whom.ask("past", "{\"game\":1,\"from\":" + next + "}");
            List<?> said = (List<?>) Objects.requireNonNull(past.get("said"));
            long first = Guest.number(past, "first");
            assertThat(said).isNotEmpty();
            assertThat(first).isEqualTo(read.isEmpty() ? first : next);
            assertThat(Guest.number(past, "last")).isEqualTo(last);
            read.addAll(said);
            next = first + said.size();
            assertThat(past.toString()).doesNotContain("cards", "raiseMin");
        }
        return read;
    }
}
