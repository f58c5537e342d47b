package dev.berth.node.plane;

import dev.berth.core.call.Outcome;
import dev.berth.core.wire.Bytes;

/** Who hears how a call ended; on the node's loop, so it must not block. */
@FunctionalInterface
public interface CallEnd {
    CallEnd NOBODY = (_, _) -> {};

    /** @param id by which {@code berth why} knows the call; empty if it ended well and in time */
    void ended(Outcome<Bytes> outcome, String id);
}
