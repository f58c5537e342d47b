package dev.berth.node.store;

import dev.berth.core.machine.Backoff;
import java.util.concurrent.TimeUnit;

/**
 * A client's bounds. Any thread.
 *
 * @param inFlightMax requests without an answer; one more is refused as busy. Too small: the round trip is the limit
 * @param inFlightBytesMax bytes of such requests, in the same way; must hold one snapshot, and stay below what a pipe may hold
 * @param loadsMax loads among them: each may be answered by more than a megabyte
 * @param answerMillis after which a store that has not answered is given up: the connection is closed and dialled again. Too
 *     short: a slow disk makes writes unknown, too long: a stuck store holds its owners up
 * @param redial the waiting time before the store is dialled again
 */
public record StoreClientConfig(
        int inFlightMax, long inFlightBytesMax, int loadsMax, int answerMillis, Backoff redial) {
    public static final StoreClientConfig DEFAULT = new StoreClientConfig(
            16_384, 16L << 20, 16, 10_000, new Backoff(TimeUnit.MILLISECONDS.toNanos(20), TimeUnit.SECONDS.toNanos(1)));

    public StoreClientConfig {
        if (inFlightMax < 1 || inFlightBytesMax < 2L << 20 || loadsMax < 1 || answerMillis < 10) {
            throw new IllegalArgumentException("a store's client needs inFlightMax >= 1, inFlightBytesMax >= 2 MiB, "
                    + "loadsMax >= 1, answerMillis >= 10, got inFlightMax=" + inFlightMax + " inFlightBytesMax="
                    + inFlightBytesMax + " loadsMax=" + loadsMax + " answerMillis=" + answerMillis);
        }
    }

    public StoreClientConfig withInFlight(int max, long bytesMax) {
        return new StoreClientConfig(max, bytesMax, loadsMax, answerMillis, redial);
    }

    public StoreClientConfig withAnswerMillis(int millis) {
        return new StoreClientConfig(inFlightMax, inFlightBytesMax, loadsMax, millis, redial);
    }
}
