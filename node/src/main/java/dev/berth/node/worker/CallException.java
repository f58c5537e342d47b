package dev.berth.node.worker;

import dev.berth.core.PublicApi;
import dev.berth.core.call.Outcome;

/** A call that did not end as Done. What the caller may conclude is in the outcome. */
@PublicApi
public final class CallException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Outcome<?> outcome;

    CallException(String what, Outcome<?> outcome) {
        super(what + " ended as " + outcome);
        this.outcome = outcome;
    }

    /** Failed: it ran and threw. Refused: it surely did not run. Unknown: it may have run. */
    public Outcome<?> outcome() {
        return outcome;
    }
}
