package dev.berth.node.entity;

import dev.berth.core.PublicApi;
import org.jspecify.annotations.Nullable;

/** Implemented by the code of an entity that wants to know of messages ({@link Context#deliver}) that were not taken. */
@PublicApi
public interface Returned {
    /**
     * The other entity has thrown, so the message had no effect there and never will. What this changes and that the message is
     * done with become durable in one write. What this throws is logged, and it is told again a second later; until then nothing
     * else goes from here to that other one.
     *
     * @param message for instance {@code Purse 17.receive}
     * @param arguments what it was called with
     * @param why what it threw
     */
    void returned(String message, @Nullable Object[] arguments, String why) throws Exception;
}
