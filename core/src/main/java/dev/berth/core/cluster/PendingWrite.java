package dev.berth.core.cluster;

import java.util.List;
import java.util.TreeSet;

/** A view on its way into the coordinator: decided, perhaps already durable, not yet known to be. One thread: the master's. */
final class PendingWrite {
    private final NextView composed;
    private final View next;
    private final JournalEntry entry;
    private final Delta delta;
    private final List<Durable.Touch> unchanged;
    private long request;
    private long sentNanos;
    private boolean surelyFailed;

    PendingWrite(NextView composed, List<Durable.Touch> unchanged, View base, long term, String master) {
        this.composed = composed;
        this.next = composed.draft.preview();
        this.entry = new JournalWriter(base, next, composed.draft).entry(term, master, composed.reason());
        this.delta = composed.draft.toDelta(entry.reason());
        this.unchanged = unchanged;
    }

    MasterAction send(long nowNanos, long newRequest, int viewVersion) {
        request = newRequest;
        sentNanos = nowNanos;
        surelyFailed = false;
        return new MasterAction.WriteView(newRequest, viewVersion, next, unchanged, entry);
    }

    // After a conflict the versions it compares with have moved on, so no earlier copy of it can land either: if
    // the record does not show the view by then, it never will.
    void failed(MasterEvent.WasWritten.Outcome outcome) {
        surelyFailed = outcome == MasterEvent.WasWritten.Outcome.CONFLICT;
    }

    boolean surelyFailed() {
        return surelyFailed;
    }

    long request() {
        return request;
    }

    long sentNanos() {
        return sentNanos;
    }

    View next() {
        return next;
    }

    /** What the journal says of it. */
    JournalEntry entry() {
        return entry;
    }

    Delta delta() {
        return delta;
    }

    List<Durable.Touch> unchanged() {
        return unchanged;
    }

    TreeSet<Incarnation> expelled() {
        return composed.expelled;
    }

    List<Wishes.Answer> answers() {
        return composed.answers;
    }
}
