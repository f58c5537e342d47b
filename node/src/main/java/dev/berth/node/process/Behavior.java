package dev.berth.node.process;

import dev.berth.core.PublicApi;
import org.jspecify.annotations.Nullable;

/**
 * What a process does. One message at a time, on a virtual thread: it may block, other processes go on.
 *
 * @param <M> the messages it takes, best a sealed interface of records
 */
@PublicApi
@FunctionalInterface
public interface Behavior<M> {
    /**
     * A message has come.
     *
     * @return the answer, for whoever waits for one; else of no interest
     * @throws Exception ends the call as Failed; what becomes of the process is said by its {@link Restart}
     */
    @Nullable
    Object on(Self<M> self, M message) throws Exception;

    /** The process is over; nothing comes any more. */
    default void ended(String cause) {}
}
