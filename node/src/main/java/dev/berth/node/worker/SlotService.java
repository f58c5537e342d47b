package dev.berth.node.worker;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Bytes;

/**
 * The code of a service. For one slot nothing runs at the same time: {@link #load}, then calls one by one, then {@link #flush}
 * when the slot is handed over in good order, then {@link #dropped}. Different slots run at the same time. Every method is
 * called on a virtual thread and may block.
 */
@PublicApi
@FunctionalInterface
public interface SlotService {
    /**
     * The slot is this process's: nobody else acts for it, and the store takes no other owner's writes. Read what it needs, by
     * (slot, capacity). Calls come after this has returned; if it throws, the slot is given to somebody else.
     */
    default void load(Slot slot, SlotStore store) throws Exception {}

    /**
     * Answers a call; the answer to a one-way message is thrown away. An exception ends the call as Failed, with the
     * exception's simple name and message.
     */
    Bytes handle(ServiceCall call) throws Exception;

    /** Make durable what is not yet; the next owner loads after this has returned. If it throws, the slot stays here. */
    default void flush(Slot slot) throws Exception {}

    /** The slot is not this process's any more, for this reason; whatever is known of it is worth nothing now. */
    default void dropped(Slot slot, String cause) {}
}
