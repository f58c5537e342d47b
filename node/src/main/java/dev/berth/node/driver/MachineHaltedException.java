package dev.berth.node.driver;

import java.io.Serial;

/** The machine has thrown, so its state means nothing any more: no further event reaches it. The cause is what it threw. */
public final class MachineHaltedException extends IllegalStateException {
    @Serial
    private static final long serialVersionUID = 1L;

    MachineHaltedException(String machine, Throwable cause) {
        super("machine " + machine + " has halted: " + cause, cause);
    }
}
