package dev.berth.node.coordinator;

import java.io.Serial;

/** The coordinator did not answer as hoped; nothing is known to have been written. */
public final class NoCoordinatorException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    NoCoordinatorException(String message) {
        super(message);
    }
}
