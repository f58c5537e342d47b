package dev.berth.poker.user;

import dev.berth.core.record.WireName;
import dev.berth.poker.rules.Table;
import dev.berth.poker.rules.Terms;
import java.nio.charset.StandardCharsets;
import java.util.List;

// The names on the wire are those of docs/poker.md. Money in cents. What is said about a game whose number nobody has,
// and
// whatever else means nothing at that moment, is Denied, and nothing has happened.

/** What a user says. Any thread. */
public sealed interface UserSays {
    // ---- Visitors too

    /** Which games there are, from this number on: {@link UserHears.Games}. */
    @WireName("lobby")
    record Lobby(long from) implements UserSays {}

    /** How a table stands: {@link UserHears.Shown}. */
    @WireName("look")
    record Look(long game) implements UserSays {}

    /** Who that is: {@link UserHears.Who}. */
    @WireName("who")
    record Who(long player) implements UserSays {}

    /** What was said there in this hand, from this position on: {@link UserHears.Past}. */
    @WireName("past")
    record Past(long game, long from) implements UserSays {}

    // ---- Users

    /** From now on he plays by this session, wherever he did before: {@link UserHears.Entered}. */
    @WireName("enter")
    record Enter() implements UserSays {}

    /** He leaves all tables and plays by nothing any more. */
    @WireName("quit")
    record Quit() implements UserSays {}

    /** His own money: {@link UserHears.Purse}. */
    @WireName("purse")
    record Purse() implements UserSays {}

    /** His own cards, and what he is asked: {@link UserHears.Own}. */
    @WireName("own")
    record Own(long game) implements UserSays {}

    /** From now on he hears the table: {@link UserHears.Shown}, and what was said since the hand began. */
    @WireName("watch")
    record Watch(long game) implements UserSays {}

    @WireName("unwatch")
    record Unwatch(long game) implements UserSays {}

    /** He hears the table and gets the seat, which the table says; if somebody was quicker his money comes back: {@link UserHears.Cashed}. */
    @WireName("sit")
    record Sit(long game, int seat, long buyIn) implements UserSays {}

    /** Also posts a blind, and goes all in with less. */
    @WireName("call")
    record Call(long game, long amount) implements UserSays {}

    /** @param amount on top of the call */
    @WireName("raise")
    record Raise(long game, long amount) implements UserSays {
        public Raise {
            if (amount < 0 || amount > Terms.LIMIT_MAX) {
                throw new IllegalArgumentException("a raise is 0 to " + Terms.LIMIT_MAX + " cents, got " + amount);
            }
        }
    }

    /** @param cards those that he gives away for as many others; none is right too */
    @WireName("discard")
    record Discard(long game, List<String> cards) implements UserSays {
        private static final int CARDS_MAX = 5;

        public Discard {
            if (cards.size() > CARDS_MAX) {
                throw new IllegalArgumentException("nobody has more than " + CARDS_MAX + " cards");
            }
            cards = List.copyOf(cards);
        }
    }

    @WireName("fold")
    record Fold(long game) implements UserSays {}

    /** In mid-hand: folds now, and leaves when the hand is over. */
    @WireName("leave")
    record Leave(long game) implements UserSays {}

    @WireName("sitOut")
    record SitOut(long game) implements UserSays {}

    @WireName("comeBack")
    record ComeBack(long game) implements UserSays {}

    @WireName("chat")
    record Chat(long game, String text) implements UserSays {
        public Chat {
            if (text.isBlank() || text.length() > Table.CHAT_MAX) {
                throw new IllegalArgumentException(
                        "a chat has 1 to " + Table.CHAT_MAX + " letters, this one has " + text.length());
            }
            if (!StandardCharsets.ISO_8859_1.newEncoder().canEncode(text)) {
                throw new IllegalArgumentException(
                        "a chat has letters of Latin-1 only, since clients of 2008 hear it too");
            }
        }
    }
}
