package dev.berth.node.process;

import dev.berth.core.PublicApi;
import dev.berth.core.call.Address;

/** The mailbox, or the way to another node, is full: the message was not left. */
@PublicApi
public final class ProcessBusyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ProcessBusyException(Address address, int max) {
        super("the mailbox of process " + address + " is full (" + max
                + " messages): slow down, or ask with call, which waits");
    }

    ProcessBusyException(Address address) {
        super("too much waits on the way to process " + address + ": slow down, or ask with call, which waits");
    }
}
