package dev.berth.poker.rules;

/** How much may be raised. Any thread. */
public enum Limit {
    /** One bet, neither more nor less, also by somebody who has less. */
    FIXED {
        @Override
        long min(long bet, long lastRaise, long left) {
            return bet;
        }

        @Override
        long max(long bet, long left) {
            return bet;
        }
    },
    /** At least as much as the last raise, at most all one has. */
    NONE {
        @Override
        long min(long bet, long lastRaise, long left) {
            return Math.min(Math.max(bet, lastRaise), left);
        }

        @Override
        long max(long bet, long left) {
            return left;
        }
    };

    /**
     * @param bet that of the round
     * @param left of the stack after a call
     */
    abstract long min(long bet, long lastRaise, long left);

    abstract long max(long bet, long left);
}
