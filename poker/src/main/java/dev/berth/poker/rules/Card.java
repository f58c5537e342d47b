package dev.berth.poker.rules;

// A card is a byte, so that a hand of them is nothing that the garbage collector would see: ranks come in the order of
// their worth, and the numbers of rank and suit are those that OpenPoker's packets have.

/** What a byte says as a card: 1 is the two of clubs, 52 the ace of spades, 0 none. Any thread. */
public final class Card {
    public static final byte NONE = 0;
    public static final int COUNT = 52;
    private static final String RANKS = "23456789TJQKA";
    private static final String SUITS = "cdhs";

    private Card() {}

    /**
     * @param rank 1 is a two, 13 an ace
     * @param suit clubs, diamonds, hearts, spades are 1 to 4
     */
    public static byte of(int rank, int suit) {
        if (rank < 1 || rank > 13 || suit < 1 || suit > 4) {
            throw new IllegalArgumentException(
                    "no card has rank " + rank + " of 1 to 13 and suit " + suit + " of 1 to 4");
        }
        return (byte) ((rank - 1) * 4 + suit);
    }

    /** {@code "As"}, {@code "Td"}, {@code "2c"}. */
    public static byte of(String text) {
        if (text.length() != 2) {
            throw new IllegalArgumentException("a card is a rank and a suit, as in Td, not " + text);
        }
        return of(RANKS.indexOf(text.charAt(0)) + 1, SUITS.indexOf(text.charAt(1)) + 1);
    }

    public static int rank(byte card) {
        return (card - 1) / 4 + 1;
    }

    public static int suit(byte card) {
        return (card - 1) % 4 + 1;
    }

    public static String text(byte card) {
        return card == NONE ? "--" : "" + RANKS.charAt(rank(card) - 1) + SUITS.charAt(suit(card) - 1);
    }

    static boolean isCard(byte card) {
        return card >= 1 && card <= COUNT;
    }
}
