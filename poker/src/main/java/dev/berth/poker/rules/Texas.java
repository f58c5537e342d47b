package dev.berth.poker.rules;

import java.util.List;

/** Texas hold'em: two cards each, five for all, four rounds of bets. Any thread. */
final class Texas {
    static final List<Stage> FIXED = with(Limit.FIXED);
    static final List<Stage> NO_LIMIT = with(Limit.NONE);

    private Texas() {}

    private static List<Stage> with(Limit limit) {
        return List.of(
                new StartDelay(),
                new Blinds(),
                new Deal(2),
                new Betting(1, false, limit),
                new Shared(3),
                new Betting(2, false, limit),
                new Shared(1),
                new Betting(3, true, limit),
                new Shared(1),
                new Betting(4, true, limit),
                new Showdown());
    }
}
