package dev.berth.core.cluster;

import java.util.List;

/** What a master wants done. Requests are numbered; each gets one answer, if it gets one at all. */
public sealed interface MasterAction {
    /**
     * Read touches and view, and the term last: a term that is still ours then shows that the view is ours too. What is read
     * must not be older than any answer that this master has had (ZooKeeper: {@code sync} first), because a write of which a
     * conflict is known, and which the record does not show, counts as one that will never happen.
     */
    record Read(long request) implements MasterAction {}

    /** Compare-and-set of the term node. */
    record WriteTerm(long request, int termVersion, Durable.TermRecord term) implements MasterAction {}

    /**
     * One transaction: compare-and-set of the term node and of the view node, whose content stays the same; and the entry, with
     * the time of writing, at its place in the journal.
     */
    record TakeOver(
            long request, int termVersion, Durable.TermRecord term, int viewVersion, View view, JournalEntry entry)
            implements MasterAction {}

    /**
     * One transaction: the touch versions are still these (0 = never touched) and compare-and-set of the view node; and the
     * entry, with the time of writing, at its place in the journal. No entry may ever be what a transaction fails for.
     */
    record WriteView(long request, int viewVersion, View view, List<Durable.Touch> unchanged, JournalEntry entry)
            implements MasterAction {}

    /** Read some of the journal and send it there as a {@link ClusterMessage.JournalPage}; nothing is answered to the master. */
    record ReadJournal(long link, Nonce id, int place) implements MasterAction {}

    record Send(long link, ClusterMessage.ToMember message) implements MasterAction {}

    /** A change of state, for the log and for people: one line, the id first. */
    record Note(String line) implements MasterAction {}
}
