package dev.berth.poker.rules;

// Each suit is 13 bits, one for each rank, so that pairs and straights of all seven cards at once are a few ands and
// shifts. A hand's worth is its category, then the ranks that make it, then those that decide between equals, as bits:
// two sets of as many ranks compare as the sets' numbers do.

/** The worth of the best five of up to seven cards: the higher number wins, equal ones share. Any thread. */
public final class HandRank {
    public static final int HIGH_CARD = 0;
    public static final int PAIR = 1;
    public static final int TWO_PAIR = 2;
    public static final int THREE = 3;
    public static final int STRAIGHT = 4;
    public static final int FLUSH = 5;
    public static final int FULL_HOUSE = 6;
    public static final int FOUR = 7;
    public static final int STRAIGHT_FLUSH = 8;

    private static final int RANKS = 0x1FFF;

    private HandRank() {}

    /** The bit of a card, for {@link #of}; that of no card is 0. */
    public static long bit(byte card) {
        return card == Card.NONE ? 0 : 1L << (16 * (Card.suit(card) - 1) + Card.rank(card) - 1);
    }

    public static int category(int rank) {
        return rank >>> 26;
    }

    /** @param cards their bits, one or another */
    public static int of(long cards) {
        int a = (int) cards & RANKS;
        int b = (int) (cards >>> 16) & RANKS;
        int c = (int) (cards >>> 32) & RANKS;
        int d = (int) (cards >>> 48) & RANKS;
        int flush = flush(a) | flush(b) | flush(c) | flush(d);
        if (flush != 0 && straight(flush) != 0) {
            return worth(STRAIGHT_FLUSH, straight(flush), 0);
        }
        int all = a | b | c | d;
        int two = (a & b) | ((a | b) & (c | d)) | (c & d);
        int three = (a & b & (c | d)) | (c & d & (a | b));
        int four = a & b & c & d;
        if (four != 0) {
            return worth(FOUR, top(four), top(all & ~top(four)));
        }
        int pairs = two & ~top(three);
        if (three != 0 && pairs != 0) {
            return worth(FULL_HOUSE, top(three), top(pairs));
        }
        if (flush != 0) {
            return worth(FLUSH, top(flush, 5), 0);
        }
        if (straight(all) != 0) {
            return worth(STRAIGHT, straight(all), 0);
        }
        if (three != 0) {
            return worth(THREE, three, top(all & ~three, 2));
        }
        if (two == 0) {
            return worth(HIGH_CARD, top(all, 5), 0);
        }
        int best = top(two, 2);
        boolean single = best == top(two);
        return single ? worth(PAIR, best, top(all & ~best, 3)) : worth(TWO_PAIR, best, top(all & ~best));
    }

    private static int worth(int category, int made, int kickers) {
        return category << 26 | made << 13 | kickers;
    }

    private static int flush(int suit) {
        return Integer.bitCount(suit) >= 5 ? suit : 0;
    }

    /** The highest card of the highest straight, or 0; a five is the highest of one that begins with the ace. */
    private static int straight(int ranks) {
        int low = ranks << 1 | ranks >>> 12;
        return top((low & low << 1 & low << 2 & low << 3 & low << 4) >>> 1 & RANKS);
    }

    private static int top(int ranks) {
        return Integer.highestOneBit(ranks);
    }

    private static int top(int ranks, int count) {
        int found = 0;
        int rest = ranks;
        for (int i = 0; i < count && rest != 0; i++) {
            int top = top(rest);
            found |= top;
            rest ^= top;
        }
        return found;
    }
}
