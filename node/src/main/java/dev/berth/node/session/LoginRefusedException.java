package dev.berth.node.session;

import dev.berth.core.session.End;

/** Why a log-in does not lead anywhere, as the client is to hear it. Any thread. */
public final class LoginRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final End why;
    private final int retryMillis;

    /** @param retryMillis the client comes back no sooner, if it comes back */
    public LoginRefusedException(End why, String text, int retryMillis) {
        // It is thrown often, and where is of no interest.
        super(text, null, false, false);
        this.why = why;
        this.retryMillis = retryMillis;
    }

    public End why() {
        return why;
    }

    public int retryMillis() {
        return retryMillis;
    }
}
