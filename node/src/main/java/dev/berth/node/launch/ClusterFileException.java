package dev.berth.node.launch;

import java.io.Serial;

/** A cluster file cannot be used. The message names file, line, key, what was found and what was wanted. */
public final class ClusterFileException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    ClusterFileException(String message) {
        super(message);
    }
}
