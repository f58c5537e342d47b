package dev.berth.core.call;

import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Prose;

/**
 * One thing that befell a call on its way. Any thread.
 *
 * @param atNanos by the calling node's clock
 * @param detail in words that follow the kind
 */
public record CallStep(
        @Field(1) long atNanos,
        @Field(2) Kind kind,
        @Field(value = 3, max = 200) String detail) {
    public enum Kind {
        /** It waits at the caller. */
        @Code(1)
        HELD,
        @Code(2)
        SENT,
        /** The callee's node refused it: it did not run there. */
        @Code(3)
        REFUSED,
        /** The connection ended before it was written. */
        @Code(4)
        NOT_WRITTEN,
        /** Nobody can say whether that attempt ran. */
        @Code(5)
        LOST,
    }

    public CallStep {
        detail = Prose.upTo(200, detail);
    }
}
