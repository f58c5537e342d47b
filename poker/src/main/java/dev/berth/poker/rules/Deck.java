package dev.berth.poker.rules;

import dev.berth.core.wire.Bytes;

/**
 * The cards of one hand, the first to be dealt first. Who shuffles them is no business of the rules. Any thread.
 *
 * @param cards 52 of them, each a {@link Card}; one may be there twice, since decks of test games are made up
 */
public record Deck(Bytes cards) {
    public Deck {
        if (cards.length() != Card.COUNT) {
            throw new IllegalArgumentException("a deck has 52 cards, not " + cards.length());
        }
        for (int i = 0; i < cards.length(); i++) {
            if (!Card.isCard(cards.at(i))) {
                throw new IllegalArgumentException(
                        "place " + i + " of a deck has " + cards.at(i) + ", cards are 1 to 52");
            }
        }
    }

    /** Those in front, and behind them all others in the order of their worth: for test games, and for tests. */
    public static Deck startingWith(byte... cards) {
        if (cards.length > Card.COUNT) {
            throw new IllegalArgumentException("a deck has 52 cards, not " + cards.length);
        }
        byte[] all = new byte[Card.COUNT];
        System.arraycopy(cards, 0, all, 0, cards.length);
        long there = 0;
        for (byte card : cards) {
            there |= 1L << card;
        }
        int at = cards.length;
        for (byte card = 1; card <= Card.COUNT && at < all.length; card++) {
            if ((there & 1L << card) == 0) {
                all[at++] = card;
            }
        }
        return new Deck(Bytes.wrap(all));
    }

    /** The same from {@code "As Kd Ah"}. */
    public static Deck startingWith(String cards) {
        String[] texts = cards.isBlank() ? new String[0] : cards.strip().split(" +");
        byte[] all = new byte[texts.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = Card.of(texts[i]);
        }
        return startingWith(all);
    }
}
