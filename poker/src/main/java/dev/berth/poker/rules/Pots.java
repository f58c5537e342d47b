package dev.berth.poker.rules;

// The pots follow from what each has paid, whenever it was: whoever is all-in for 30 can win 30 of everybody, and what
// the others have paid beyond that is a pot of its own among them. One who alone has paid the most gets the rest back
// as the only one in his pot.

/** Who wins how much. Any thread. */
final class Pots {
    private Pots() {}

    /** What each seat wins, by seat; together it is all that was paid. */
    static long[] wins(Felt felt) {
        long[] wins = new long[felt.seats + 1];
        if (Turns.isOneLeft(felt)) {
            wins[felt.next(1, Turns.IN)] = pot(felt, 0, Felt.CENTS_MAX);
            return wins;
        }
        int[] ranks = ranks(felt);
        long below = 0;
        for (long level = levelAbove(felt, below); level != 0; ) {
            long next = levelAbove(felt, level);
            // Those who have folded may have paid more than anybody who has not.
            share(felt, wins, ranks, pot(felt, below, next == 0 ? Felt.CENTS_MAX : level), level);
            below = level;
            level = next;
        }
        return wins;
    }

    /** The least above it that somebody has paid who has not folded, or 0. */
    private static long levelAbove(Felt felt, long below) {
        long least = Long.MAX_VALUE;
        for (int seat = 1; seat <= felt.seats; seat++) {
            if (felt.is(seat, Turns.IN) && felt.paid(seat) > below) {
                least = Math.min(least, felt.paid(seat));
            }
        }
        return least == Long.MAX_VALUE ? 0 : least;
    }

    private static long pot(Felt felt, long from, long to) {
        long pot = 0;
        for (int seat = 1; seat <= felt.seats; seat++) {
            pot += Math.min(felt.paid(seat), to) - Math.min(felt.paid(seat), from);
        }
        return pot;
    }

    private static int[] ranks(Felt felt) {
        long board = 0;
        for (int place = 0; place < felt.shared(); place++) {
            board |= HandRank.bit(felt.board(place));
        }
        int[] ranks = new int[felt.seats + 1];
        for (int seat = 1; seat <= felt.seats; seat++) {
            long cards = board;
            for (int place = 0; place < Felt.CARDS_MAX; place++) {
                cards |= HandRank.bit(felt.card(seat, place));
            }
            ranks[seat] = felt.is(seat, Turns.IN) ? HandRank.of(cards) : -1;
        }
        return ranks;
    }

    /** Cents that cannot be divided go one each to the first winners after the dealer. */
    private static void share(Felt felt, long[] wins, int[] ranks, long pot, long level) {
        int best = -1;
        int winners = 0;
        for (int seat = 1; seat <= felt.seats; seat++) {
            if (felt.paid(seat) >= level && ranks[seat] >= best) {
                winners = ranks[seat] == best ? winners + 1 : 1;
                best = ranks[seat];
            }
        }
        long odd = pot % winners;
        for (int i = 0; i < felt.seats; i++) {
            int seat = (felt.dealer() + i) % felt.seats + 1;
            if (felt.paid(seat) >= level && ranks[seat] == best) {
                wins[seat] += pot / winners + (odd-- > 0 ? 1 : 0);
            }
        }
    }
}
