package dev.berth.poker.rules;

/**
 * What a table was opened with; it never changes. Money in cents. Any thread.
 *
 * @param type the button of type 1 moves on and its heads-up has rules of its own; of type 2, as the test games, it is the highest seat
 * @param seats 2 up to what the game's deck has cards for ({@link Game#seatsMax})
 * @param low the big blind and the lower bet, at least 2; the small blind is half of it, rounded down
 * @param high the bet of the later rounds of a fixed limit, at least {@code low}
 * @param delayMillis from one hand to the next, 1 ms to a day
 * @param turnMillis until a player who does not answer folds, 1 ms to a day
 * @param required so many active seats start a hand, 2 to {@code seats}
 */
public record Terms(
        Game game, int type, int seats, long low, long high, int delayMillis, int turnMillis, int required) {
    /** Bets beyond it fit no packet. */
    public static final long LIMIT_MAX = 0xFFFF_FFFFL;

    private static final int DAY_MILLIS = 86_400_000;

    public Terms {
        check("type", type, 1, 2);
        check("seats", seats, 2, game.seatsMax());
        check("low", low, 2, LIMIT_MAX);
        check("high", high, low, LIMIT_MAX);
        check("delayMillis", delayMillis, 1, DAY_MILLIS);
        check("turnMillis", turnMillis, 1, DAY_MILLIS);
        check("required", required, 2, seats);
    }

    private static void check(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("a table's " + name + " is " + least + " to " + most + ", not " + value);
        }
    }

    public long smallBlind() {
        return low / 2;
    }

    public long bigBlind() {
        return low;
    }
}
