package dev.berth.poker.rules;

import java.util.List;

/** The games there are: each a stack of stages, the first at the bottom. Any thread. */
public enum Game {
    TEXAS_FIXED(23),
    TEXAS_NO_LIMIT(23),
    FIVE_CARD_DRAW(5);

    private final int seatsMax;

    Game(int seatsMax) {
        this.seatsMax = seatsMax;
    }

    List<Stage> stages() {
        return switch (this) {
            case TEXAS_FIXED -> Texas.FIXED;
            case TEXAS_NO_LIMIT -> Texas.NO_LIMIT;
            case FIVE_CARD_DRAW -> FiveCardDraw.STAGES;
        };
    }

    /** For more of them a deck has too few cards. */
    public int seatsMax() {
        return seatsMax;
    }
}
