package dev.berth.node.process;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

// One word says everything: null, nobody writes and nobody reads; IDLE_AT_WORK, it is being read and nothing new
// has come; ENDED; else the newest letter. Whoever puts a letter where null was has to have the process run, and
// nobody else, so a process is never in the hands of two. A field more would cost a million processes eight
// megabytes.

/** The letters that wait for one process. Any thread puts; one at a time takes. */
@SuppressWarnings("ReferenceEquality") // its marks are known by identity
class Mailbox {
    private static final Letter AT_WORK = new Letter("");
    private static final Letter ENDED = new Letter("");
    private static final VarHandle NEWEST;

    static {
        try {
            NEWEST = MethodHandles.lookup().findVarHandle(Mailbox.class, "newest", Letter.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Whoever makes a process has it in his hands until it rests. */
    private volatile @Nullable Letter newest = AT_WORK;
    /** Taken and not read yet, the oldest first. Only whoever runs the process touches it. */
    private @Nullable Letter taken;

    /** What became of a letter. */
    enum Put {
        /** It is the first: whoever has put it must have the process run. */
        FIRST,
        BEHIND_OTHERS,
        FULL,
        ENDED
    }

    /** @param max letters that may wait; {@link Integer#MAX_VALUE} for those that are never refused */
    Put put(Letter letter, int max) {
        while (true) {
            Letter top = newest;
            if (top == ENDED) {
                return Put.ENDED;
            }
            int depth = top == null ? 1 : top.depth + 1;
            if (depth > max) {
                return Put.FULL;
            }
            letter.below = top;
            letter.depth = depth;
            if (NEWEST.compareAndSet(this, top, letter)) {
                return top == null ? Put.FIRST : Put.BEHIND_OTHERS;
            }
        }
    }

    /** The next letter; null when there is none: then the mailbox is at rest and the next one put is a first one. */
    @Nullable
    Letter take() {
        Letter next = taken;
        if (next == null) {
            if (newest == AT_WORK && NEWEST.compareAndSet(this, AT_WORK, null)) {
                return null;
            }
            next = oldestFirst();
            if (next == null) {
                return null;
            }
        }
        taken = next.below;
        next.below = null;
        return next;
    }

    /** A letter that may not be read now is the next one again. By whoever runs the process. */
    void putBack(Letter letter) {
        letter.below = taken;
        taken = letter;
    }

    /** By whoever runs it, instead of taking the next letter: false if there are more, which somebody has to read. */
    boolean rest() {
        return taken == null && (newest == ENDED || NEWEST.compareAndSet(this, AT_WORK, null));
    }

    private @Nullable Letter oldestFirst() {
        Letter top = newest;
        while (top != ENDED && !NEWEST.compareAndSet(this, top, AT_WORK)) {
            top = newest;
        }
        Letter turned = null;
        while (top != null && top != AT_WORK && top != ENDED) {
            Letter below = top.below;
            top.below = turned;
            turned = top;
            top = below;
        }
        return turned;
    }

    /** Nothing can be put any more; what waits is refused. By whoever runs the process. */
    void endMailbox() {
        Letter top = (Letter) NEWEST.getAndSet(this, ENDED);
        Letter first = taken;
        taken = null;
        while (first != null) {
            first.notRun(NotRun.NO_SUCH_PROCESS);
            first = first.below;
        }
        while (top != null && top != AT_WORK && top != ENDED) {
            top.notRun(NotRun.NO_SUCH_PROCESS);
            top = top.below;
        }
    }

    boolean hasEnded() {
        return newest == ENDED;
    }
}
