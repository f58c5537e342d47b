package dev.berth.poker;

import dev.berth.core.wire.Bytes;
import dev.berth.poker.rules.Deck;
import java.security.SecureRandom;

/** Decks that nobody can guess. Any thread. */
final class Shuffle {
    private static final int CARDS = 52;
    private static final SecureRandom DICE = new SecureRandom();

    private Shuffle() {}

    static Deck deck() {
        byte[] cards = new byte[CARDS];
        for (int i = 0; i < CARDS; i++) {
            int at = DICE.nextInt(i + 1);
            cards[i] = cards[at];
            cards[at] = (byte) (i + 1);
        }
        return new Deck(Bytes.wrap(cards));
    }
}
