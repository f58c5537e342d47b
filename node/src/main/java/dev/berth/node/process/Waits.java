package dev.berth.node.process;

import java.util.concurrent.ThreadLocalRandom;

// A look at the clock costs about as much as putting a message, so one message in 64 is timed, drawn and not counted: a
// counter would be written by every processor.

/** How long messages wait in the mailboxes of a node. Any thread. */
final class Waits {
    private static final int ONE_IN = 64;

    private final Spread spread = new Spread();

    /** The time for one message in 64, 0 for the others. */
    static long stamp() {
        return (ThreadLocalRandom.current().nextInt() & (ONE_IN - 1)) == 0 ? System.nanoTime() | 1 : 0;
    }

    /** It is about to be read. */
    void over(long stamp) {
        if (stamp != 0) {
            long now = System.nanoTime();
            spread.add(now, now - stamp);
        }
    }

    double seconds(double share) {
        return spread.quantile(share);
    }

    /** The letter for a message. */
    Letter letter(Object message) {
        long stamp = stamp();
        return stamp == 0 ? new Letter(message) : new Timed(message, stamp);
    }

    private final class Timed extends Letter {
        private final long stamp;

        Timed(Object message, long stamp) {
            super(message);
            this.stamp = stamp;
        }

        @Override
        Way way() {
            over(stamp);
            return super.way();
        }
    }
}
