package dev.berth.node.process;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// A pause of the machine, or code that runs for the first time, makes any behavior slow once; so one slow run weighs as
// much as a thousand quick ones, and it takes four of them close together to be called slow, which is for good.

/** What all behaviors of one class have in common, and how slow they have been so far. Any thread. */
final class Kind {
    private static final long SLOW_NANOS = 1_000_000;
    private static final int WEIGHT = 1_000;
    private static final int SLOW = 4 * WEIGHT;
    private static final Logger LOG = LoggerFactory.getLogger(Kind.class);

    private static final ClassValue<Kind> ALL = new ClassValue<>() {
        @Override
        protected Kind computeValue(Class<?> type) {
            return new Kind(type);
        }
    };

    private final Class<?> type;
    private final boolean reentrant;
    private final boolean atOnce;
    /** Counted without care: of two threads at once one may not count. */
    private volatile int score;

    private Kind(Class<?> type) {
        this.type = type;
        this.reentrant = type.isAnnotationPresent(Reentrant.class);
        this.atOnce = type.isAnnotationPresent(AtOnce.class);
    }

    static Kind of(Behavior<?> behavior) {
        return ALL.get(behavior instanceof ContractCode made ? made.code().getClass() : behavior.getClass());
    }

    boolean isReentrant() {
        return reentrant;
    }

    boolean isAtOnce() {
        return atOnce;
    }

    boolean isSlow() {
        return !atOnce && score >= SLOW;
    }

    void took(long nanos) {
        if (atOnce) {
            return;
        }
        int before = score;
        if (nanos > SLOW_NANOS) {
            score = before + WEIGHT;
            if (before < SLOW && before + WEIGHT >= SLOW) {
                LOG.info("{} often takes longer than a millisecond: it runs on threads of its own", type.getName());
            }
        } else if (before > 0 && before < SLOW) {
            score = before - 1;
        }
    }
}
