package dev.berth.node.process;

import org.jspecify.annotations.Nullable;

// Letters of a mailbox are linked from the newest to the oldest and turned around when they are taken; each knows how
// many lie below it, so the bound of a mailbox costs no counter.

/** A message on its way to a process of this node. Written once by its sender, then its mailbox's. */
class Letter {
    final Object body;

    @Nullable
    Letter below;

    int depth;

    Letter(Object body) {
        this.body = body;
    }

    /** Which process waits for the answer; null for a letter that nobody waits for, and for callers that are no process. */
    @Nullable
    LocalProcess asker() {
        return null;
    }

    /** It ran and this is the answer. */
    void answer(@Nullable Object value) {}

    /** It ran and ended with this. */
    void failed(Throwable thrown) {}

    /** It surely does not run. */
    void notRun(NotRun why) {}

    /** When its sender stops waiting; {@link Long#MAX_VALUE} if he does not wait. */
    long deadlineNanos() {
        return Long.MAX_VALUE;
    }
}
