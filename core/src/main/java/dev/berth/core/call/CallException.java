package dev.berth.core.call;

import dev.berth.core.PublicApi;
import org.jspecify.annotations.Nullable;

/** A call that did not end as Done. What the caller may conclude is in the outcome. Any thread. */
@PublicApi
public final class CallException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Outcome<?> outcome;
    private final String id;

    private CallException(String what, Outcome<?> outcome, String id, @Nullable Throwable cause) {
        super(what + " ended as " + outcome + (id.isEmpty() ? "" : "; berth why " + id + " tells more"), cause);
        this.outcome = outcome;
        this.id = id;
    }

    /** Of a call inside this node; {@code cause} is what the callee threw. */
    public static CallException of(String what, Outcome<?> outcome, @Nullable Throwable cause) {
        return new CallException(what, outcome, "", cause);
    }

    /** Of a call that may have left this node, which knows it by {@code id}. */
    public static CallException noted(String what, Outcome<?> outcome, String id) {
        return new CallException(what, outcome, id, null);
    }

    /** Failed: it ran and threw. Refused: it surely did not run. Unknown: it may have run. */
    public Outcome<?> outcome() {
        return outcome;
    }

    /** What {@code berth why} asks for, for example n4.17:8123; empty for a call of a node that was not listed yet. */
    public String id() {
        return id;
    }
}
