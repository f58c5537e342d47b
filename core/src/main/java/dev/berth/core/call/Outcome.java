package dev.berth.core.call;

import dev.berth.core.PublicApi;

// Four ends and no fifth. What sets them apart is what the caller may conclude: a Refused call surely had no effect,
// so trying again is free; an Unknown one may have run, so trying again may run it twice. Berth itself repeats what
// was Refused until the caller's deadline, and repeats what is Unknown only if the call carries an operation id that
// makes two runs one.

/**
 * How a call ended. Every call ends exactly once, at its deadline at the latest. Any thread.
 *
 * @param <T> what the callee answers
 */
@PublicApi
public sealed interface Outcome<T> {
    /** It ran, and this is its answer; of a one-way message: it was handed to the connection. */
    record Done<T>(T value) implements Outcome<T> {}

    /**
     * It ran, and ended with the callee's exception or its business answer "no".
     *
     * @param kind the short name of the exception or the code of the answer
     */
    record Failed<T>(String kind, String message) implements Outcome<T> {}

    /**
     * It surely did not run, and the time to try again was used up, or trying again would not help.
     *
     * @param hint what the reason makes of it: a view to wait for (MOVED), nanoseconds to wait (BUSY), else 0
     */
    record Refused<T>(RefusedReason reason, long hint) implements Outcome<T> {}

    /** It may have run: once, partly, or not at all. */
    record Unknown<T>(Cause cause) implements Outcome<T> {}

    /** Why nobody can say whether a call ran. */
    enum Cause {
        /** The connection ended after the call was written and before its answer came. */
        CONNECTION_CLOSED,
        /** The callee's node was expelled from the cluster. */
        PEER_EXPELLED,
        /** The deadline came before the answer. */
        DEADLINE,
        /** The answer came from an owner that has been replaced meanwhile. */
        OWNER_REPLACED,
        /** The caller itself lost the slot for which it called. */
        CALLER_REPLACED,
        /** The caller's node stopped for good. */
        STOPPED
    }
}
