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

    /** One transaction: compare-and-set of the term node and of the view node, whose content stays the same. */
    record TakeOver(long request, int termVersion, Durable.TermRecord term, int viewVersion, View view)
            implements MasterAction {}

    /** One transaction: the touch versions are still these (0 = never touched) and compare-and-set of the view node. */
    record WriteView(long request, int viewVersion, View view, List<Durable.Touch> unchanged) implements MasterAction {}

    record Send(long link, ClusterMessage.ToMember message) implements MasterAction {}

    /** A change of state, for the log and for people: one line, the id first. */
    record Note(String line) implements MasterAction {}
}
