package dev.berth.node.process;

import dev.berth.core.PublicApi;
import java.time.Duration;

/** What becomes of a process whose behavior has thrown. The call it was at ends as Failed in any case. */
@PublicApi
public sealed interface Restart {
    /** It goes on as it is: for behaviors that throw before they change anything. The default. */
    record GoOn() implements Restart {}

    /** It is over. */
    record Stop() implements Restart {}

    /**
     * Its behavior is made anew and goes on with the next message, under the same address. After {@code most} times within
     * {@code within} it is over.
     */
    record Anew(int most, Duration within) implements Restart {
        public Anew {
            if (most < 1 || within.isNegative() || within.isZero()) {
                throw new IllegalArgumentException("a process is restarted at least once within more than no time, got "
                        + most + " within " + within);
            }
        }
    }
}
