package dev.berth.core.store;

/**
 * How a request to a store ended. Any thread.
 *
 * @param <T> what the store answers
 */
public sealed interface StoreOutcome<T> {
    /** It was done, and what it changed is on disk. */
    record Done<T>(T value) implements StoreOutcome<T> {}

    /** It surely was not done. */
    record Refused<T>(StoreRefusal reason) implements StoreOutcome<T> {}

    /**
     * It may have been done: assert the fence, then load, and only then write again (rule 26). To write the same thing again
     * without that is safe only for an append that carries an operation's id.
     */
    record Unknown<T>(String cause) implements StoreOutcome<T> {}
}
