package dev.berth.poker;

import dev.berth.core.record.WireName;
import dev.berth.core.wire.Bytes;
import dev.berth.node.entity.Entity;
import dev.berth.poker.rules.Deck;
import dev.berth.poker.rules.Event;
import dev.berth.poker.rules.Lines;
import dev.berth.poker.rules.Table;
import dev.berth.poker.rules.TableView;
import dev.berth.poker.rules.Terms;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table, by the number of its game. What it says everybody hears by its feed {@link #FEED}, as {@link Heard}. Denied where nobody has opened it.
 */
public interface OpenTable extends Entity<Long> {
    String FEED = "t";

    /** What everybody hears of one step: {@link Lines}. It has no secrets. */
    @WireName("h")
    record Heard(Bytes lines) {}

    /**
     * What is kept.
     *
     * @param deck the cards of each hand, of a rigged game
     * @param began the position in the feed at which the hand began
     * @param logins of who sits here, the newest: an older one's connection has no hand in it any more
     */
    record TableKept(@Nullable Table table, @Nullable Deck deck, long began, Map<Long, Long> logins) {
        static final TableKept NONE = new TableKept(null, null, 1, Map.of());

        public TableKept {
            logins = Map.copyOf(logins);
        }
    }

    /** How it stands; {@code last} is the position of what was said last. */
    record Look(Terms terms, TableView view, long last) {}

    /** From where somebody who comes back hears it: all since the hand began, up to what he was told already. */
    record Back(long began, long last) {}

    /** Opens it; nothing if it is open. */
    void open(Terms terms, @Nullable Deck deck);

    /** The same for a table that is gone when for so long, at most twice that, nobody has sat there or heard it. */
    void lend(Terms terms, @Nullable Deck deck, int emptyMillis);

    /** What this player can see, or everybody if he is 0. */
    Look look(long player);

    /** His own cards of this hand. */
    Bytes cards(long player);

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
}
