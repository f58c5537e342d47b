package dev.berth.node.worker;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Bytes;

/**
 * The code of a service. For one slot nothing runs at the same time: {@link #load}, then calls one by one, then {@link #flush}
 * when the slot is handed over in good order, then {@link #dropped}. Different slots run at the same time. Every method is
 * called on a virtual thread and may block; but see {@link #mayBlock}.
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

    /**
     * Whether {@link #handle} may wait for anything, or compute for long. If not, it is called on the node's event loop, where
     * everything else of the node waits meanwhile: that saves two changes of thread for each call. What waits there all the
     * same is refused with an IllegalStateException (calls that wait, the store); a handler that takes more than 50 ms
     * again and again is called on virtual threads from then on, and the log says so. Asked once, before load.
     */
    default boolean mayBlock() {
        return true;
    }

    /** Make durable what is not yet; the next owner loads after this has returned. If it throws, the slot stays here. */
    default void flush(Slot slot) throws Exception {}

    /** The slot is not this process's any more, for this reason; whatever is known of it is worth nothing now. */
    default void dropped(Slot slot, String cause) {}
}
