package dev.berth.node.store;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A store cannot be opened, or its files cannot be used any more: why, and what to do. */
public final class StoreException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    StoreException(String message) {
        super(message);
    }

    StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
