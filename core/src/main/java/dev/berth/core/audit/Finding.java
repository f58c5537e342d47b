package dev.berth.core.audit;

/**
 * Two observations that contradict each other if an invariant holds. Any thread.
 *
 * @param earlier who knew what before
 * @param later who found what then
 */
public record Finding(Invariant invariant, String earlier, String later) {
    /** In one line. */
    public String words() {
        return earlier + "; " + later;
    }

    @Override
    public String toString() {
        return invariant + " is broken: " + invariant.sentence() + "\n  " + earlier + "\n  " + later;
    }
}
