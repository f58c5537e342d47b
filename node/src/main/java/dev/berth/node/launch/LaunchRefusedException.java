package dev.berth.node.launch;

import java.io.Serial;

/** A launcher cannot begin. The message says why and what to do about it. */
public final class LaunchRefusedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    LaunchRefusedException(String message) {
        super(message);
    }
}
