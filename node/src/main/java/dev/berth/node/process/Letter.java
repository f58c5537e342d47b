package dev.berth.node.process;

import dev.berth.core.call.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

// Letters of a mailbox are linked from the newest to the oldest and turned around when they are taken; each knows how
// many lie below it, so the bound of a mailbox costs no counter.

/** A message on its way to a process of this node. Written once by its sender, then its mailbox's. */
class Letter {
    /** What is to be done with a letter that has been taken from its mailbox. */
    enum Way {
        RUN,
        /** The node may not act: it is the first when it may again. */
        LATER,
        /** Whoever waits for its answer has been told. */
        NEVER
    }

    private final Object body;

    @Nullable
    Letter below;

    int depth;

    Letter(Object body) {
        this.body = body;
    }

    /** Asked once, by whoever is about to run it. */
    Way way() {
        return Way.RUN;
    }

    /** Null if it cannot be read; its sender has then been told. */
    @Nullable
    Object body() {
        return body;
    }

    /** Whether somebody waits for its answer; then it is a {@link Reply}. */
    boolean isAwaited() {
        return false;
    }

    /** Which process waits for the answer; null for a letter that nobody waits for, and for callers that are no process. */
    @Nullable
    LocalProcess asker() {
        return null;
    }

    /** The letter from another node because of which it was written, if its sender waits for it to answer that. */
    @Nullable
    RemoteLetter outermost() {
        return null;
    }

    /** The addresses of the processes that wait for its answer, the outermost first. */
    List<Long> chain() {
        return List.of();
    }

    /** The same for what {@code asker} asks while it reads a letter. */
    static List<Long> chain(LocalProcess asker, @Nullable Letter reads) {
        List<Long> chain = new ArrayList<>(reads == null ? List.of() : reads.chain());
        chain.add(asker.address().value());
        return chain;
    }

    /** It ran and this is the answer. */
    void answer(@Nullable Object value) {}

    /** It ran and ended with this. */
    void failed(Throwable thrown) {}

    /** It ran elsewhere and ended with this. */
    void failed(String kind, String message) {}

    /** It may have run. */
    void unknown(Outcome.Cause why) {}

    /** It surely does not run. */
    void notRun(NotRun why) {}

    /** When its sender stops waiting; {@link Long#MAX_VALUE} if he does not wait. */
    long deadlineNanos() {
        return Long.MAX_VALUE;
    }
}
