package dev.berth.poker;

import dev.berth.core.record.WireName;
import dev.berth.core.wire.Bytes;
import dev.berth.node.entity.Entity;
import dev.berth.poker.rules.Deck;
import dev.berth.poker.rules.Event;
import dev.berth.poker.rules.Lines;
import dev.berth.poker.rules.Output;
import dev.berth.poker.rules.Table;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.rules.Terms;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table, by the number of its game. What it says everybody hears by its feed {@link #feed}, as {@link Heard}. Denied where nobody has opened it.
 */
public interface OpenTable extends Entity<Long> {
    /** The name of its feed, by which a session tells several apart: the number to the base of 36, since it is in each write. */
    static String feed(long game) {
        return Long.toString(game, Character.MAX_RADIX);
    }

    /** What everybody hears of one step: {@link Lines}. It has no secrets. */
    @WireName("h")
    record Heard(Bytes lines) {}

    /** What is kept and changes with each action: {@link Table#felt}. */
    record FeltKept(Bytes felt) {
        static final FeltKept NONE = new FeltKept(Bytes.EMPTY);
    }

    /**
     * What else is kept.
     *
     * @param terms null where nobody has opened it
     * @param watchers as {@link Table} has them
     * @param deck the cards of each hand, of a rigged game
     * @param began the position in the feed at which the hand began
     * @param logins of who sits here, the newest: an older one's connection has no hand in it any more
     */
    record TableKept(
            @Nullable Terms terms,
            List<Long> watchers,
            @Nullable Deck deck,
            long began,
            Map<Long, Long> logins) {
        static final TableKept NONE = new TableKept(null, List.of(), null, 1, Map.of());

        public TableKept {
            watchers = List.copyOf(watchers);
            logins = Map.copyOf(logins);
        }

        @Nullable
        Table table(FeltKept felt) {
            return terms == null ? null : new Table(terms, felt.felt(), watchers);
        }
    }

    /**
     * What only he may see; {@code last} as in {@link Look}.
     *
     * @param asked null if he is not asked to bet
     * @param discards whether he is asked what he gives away
     */
    record Own(long last, int seat, Bytes cards, Output.@Nullable BetAsked asked, boolean discards) {}

    /** How it stands; {@code last} is the position of what was said last. */
    record Look(Terms terms, TableView view, long last) {}

    /**
     * What was said, in a row.
     *
     * @param first the position of the first one
     * @param last as in {@link Look}
     */
    record Past(long first, List<Heard> heard, long last) {
        public Past {
            heard = List.copyOf(heard);
        }
    }

    /** From where somebody who comes back hears it: all since the hand began, up to what he was told already. */
    record Back(long began, long last) {}

    /** Opens it; nothing if it is open. */
    void open(Terms terms, @Nullable Deck deck);

    /** The same for a table that is gone when for so long, at most twice that, nobody has sat there or heard it. */
    void lend(Terms terms, @Nullable Deck deck, int emptyMillis);

    /** What this player can see, or everybody if he is 0. */
    Look look(long player);

    /** One player's in {@link #hands}. */
    record Hand(long player, Bytes cards) {}

    /**
     * The cards of all who have some, as long as the hand is on in which that was said; for a game server, which tells each player
     * only his own.
     *
     * @param position where the feed says that they were dealt; who hears it late must not get those of a later hand
     */
    List<Hand> hands(long position);

    /** Somebody begins to hear it; the position of what was said last. */
    long watch();

    /** He has paid the buy-in, and gets a seat or it back: {@link Player#cash}. */
    void sit(long player, long login, int seat, long buyIn);

    /** He is back with a new connection. */
    Back back(long player, long login);

    /** By a player's own connection; what an older one of his says means nothing. */
    void happens(long login, Event.Seating event);

    void acts(long login, Event.Act act);

    /** Heard of who sits here, or hears it. */
    void chat(long login, long player, String text);

    /** What was said from a position on, if that is still of this hand, and so many at most; for who does not hear it. */
    Past past(long from, int most);

    // ---- For sessions, which are told why nothing happens

    /** His session hears it from where the hand began, and from now on. */
    Look joins(long user);

    /** And from now on no more, unless he sits here. */
    void parts(long user);

    Own own(long player);

    /** As {@link #happens}; Denied where that would mean nothing. */
    void seats(long login, Event.Seating event);

    /** As {@link #acts}; Denied where that would mean nothing, or fold because the amount is wrong. */
    void plays(long login, Event.Act act);
}
