package dev.berth.poker.rules;

import java.util.List;

/** Five cards each, bets, others for those one does not like, bets. Any thread. */
final class FiveCardDraw {
    static final List<Stage> STAGES = List.of(
            new StartDelay(),
            new Blinds(),
            new Deal(5),
            new Betting(1, false, Limit.FIXED),
            new Draw(),
            new Betting(2, true, Limit.FIXED),
            new Showdown());

    private FiveCardDraw() {}
}
