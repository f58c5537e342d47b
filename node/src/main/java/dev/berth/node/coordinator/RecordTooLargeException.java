package dev.berth.node.coordinator;

import java.io.Serial;

/** What is to be written does not fit into the coordinator. Whoever leads cannot go on: no later view would fit either. */
public final class RecordTooLargeException extends IllegalStateException {
    @Serial
    private static final long serialVersionUID = 1L;

    RecordTooLargeException(String what, long bytes, int bytesMax) {
        super(what + " takes " + bytes + " bytes, the coordinator at most " + bytesMax
                + "; give the cluster fewer members, slots, names or settings, or divide it");
    }
}
