package dev.berth.node.process;

import dev.berth.core.call.Judge.Verdict;
import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Prose;
import dev.berth.node.plane.Work;

/** Another node, whose call is answered by the end of a process. */
record RemoteWatcher(Work work) implements Watcher {
    private static final int CAUSE_MAX = 2_000;

    @Override
    public void tell(String cause) {
        work.answer(new Result.Value(Bytes.utf8(Prose.upTo(CAUSE_MAX, cause))));
    }

    /** Of an old connection, or of a node that has left: it would ask again, and perhaps has. */
    @Override
    public boolean isVoid() {
        return work.judge() == Verdict.DROP;
    }
}
