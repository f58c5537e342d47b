package dev.berth.node.coordinator;

import java.io.Serial;

/** A coordinator server cannot be started. The message says why and what to do about it. */
public final class ServerRefusedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    ServerRefusedException(String message) {
        super(message);
    }

    ServerRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
