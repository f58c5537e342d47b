package dev.berth.node.launch;

import java.util.List;

/**
 * How a roll has ended. Any thread.
 *
 * @param turns those that were rolled, in that order
 * @param failed the node at which it stopped, or ""
 * @param cause why it stopped and what can be done, or ""
 * @param untouched those that were to be rolled and run on as before
 */
record RollEnd(List<Turn> turns, String failed, String cause, List<String> untouched, long tookNanos) {
    RollEnd {
        turns = List.copyOf(turns);
        untouched = List.copyOf(untouched);
    }

    /** One node's: how long it was drained, was away, and took to be what it was. */
    record Turn(String name, long drainNanos, long awayNanos, long returnNanos) {}

    boolean isWhole() {
        return cause.isEmpty();
    }
}
