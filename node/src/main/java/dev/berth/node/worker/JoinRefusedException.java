package dev.berth.node.worker;

import dev.berth.core.PublicApi;

/** The process did not come to own or to serve its slot; the message says why and what could be done. */
@PublicApi
public final class JoinRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    JoinRefusedException(String message) {
        super(message);
    }
}
