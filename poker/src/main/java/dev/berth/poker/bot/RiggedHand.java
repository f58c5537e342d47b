package dev.berth.poker.bot;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.wire.Packet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A hand of which everything is known before: the cards, what everybody does, and who wins how much. Money in cents. Any thread.
 *
 * @param cards as in {@link Packet.MakeTestGame}
 * @param players seat 1 first
 * @param winners by seat, what NOTIFY_WIN has to say
 */
public record RiggedHand(
        int gameType,
        long lowLimit,
        long highLimit,
        int startDelayMillis,
        int playerTimeoutMillis,
        Bytes cards,
        List<Player> players,
        SortedMap<Integer, Long> winners) {
    /** The accounts of the original test have all the same. */
    public static final String PASSWORD = "foo";

    /** @param balance the account's, all of which is brought to the table */
    public record Player(String nick, long balance, List<Answer> answers) {
        public Player {
            answers = List.copyOf(answers);
        }
    }

    public RiggedHand {
        players = List.copyOf(players);
        winners = new TreeMap<>(winners);
    }

    /** As the original test makes it: type 2, 10/20, a second's delay. */
    public static RiggedHand of(Bytes cards, List<Player> players, SortedMap<Integer, Long> winners) {
        return new RiggedHand(2, 1000, 2000, 1000, 15_000, cards, players, winners);
    }

    Packet.MakeTestGame command() {
        return new Packet.MakeTestGame(
                gameType, players.size(), lowLimit, highLimit, startDelayMillis, playerTimeoutMillis, cards);
    }
}
