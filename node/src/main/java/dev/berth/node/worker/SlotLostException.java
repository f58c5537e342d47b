package dev.berth.node.worker;

import dev.berth.core.PublicApi;

/** Somebody else owns the slot: what this process has of it is worth nothing, and nothing was written. */
@PublicApi
public final class SlotLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SlotLostException(String message) {
        super(message);
    }
}
