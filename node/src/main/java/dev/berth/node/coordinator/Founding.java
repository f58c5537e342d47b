package dev.berth.node.coordinator;

import dev.berth.core.cluster.Durable.TermRecord;
import dev.berth.core.cluster.Timings;
import dev.berth.core.cluster.View;
import dev.berth.core.cluster.ViewImage;
import dev.berth.core.protocol.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;

// The first master of a cluster creates its record; afterwards nobody ever does. Whoever has seen the record once and
// finds it gone stands before a coordinator that was emptied: a new record would count views and epochs from 1 again,
// under the feet of members that live. That is for an operator to decide.

/** Sees to it that the cluster's record exists before anybody stands for election. One thread: the session's. */
final class Founding {
    private static final byte[] EMPTY = {};

    private final Session session;
    private final Paths paths;
    private final Consumer<String> note;
    private boolean seen;

    Founding(Session session, Paths paths, Consumer<String> note) {
        this.session = session;
        this.paths = paths;
        this.note = note;
    }

    /** Then does {@code go}, on the session's thread, unless the connection is lost meanwhile. */
    void ensure(ZooKeeper keeper, Runnable go) {
        keeper.sync(paths.root(), (_, _, _) -> {}, null);
        keeper.exists(
                paths.term(),
                false,
                (rc, _, _, _) -> session.post(() -> {
                    if (session.isCurrent(keeper)) {
                        looked(keeper, Code.get(rc), go);
                    }
                }),
                null);
    }

    private void looked(ZooKeeper keeper, Code code, Runnable go) {
        switch (code) {
            case OK -> {
                if (!seen) {
                    // A record that was founded by an older version has none.
                    mendJournal(keeper);
                }
                seen = true;
                go.run();
            }
            case NONODE -> {
                if (seen) {
                    note.accept("coordinator: the record of cluster " + paths.cluster()
                            + " is gone: somebody has emptied the"
                            + " coordinator, or this is another one. Nothing is written. Put the data back, or,"
                            + " if it is lost, stop all masters and nodes of the cluster and run"
                            + " 'berth recover'");
                    again(keeper, go);
                } else {
                    found(keeper, go);
                }
            }
            default -> again(keeper, go);
        }
    }

    private void mendJournal(ZooKeeper keeper) {
        String last = paths.journal(JournalRing.PLACES - 1);
        keeper.exists(
                last,
                false,
                (rc, _, _, _) -> {
                    if (rc == Code.NONODE.intValue()) {
                        JournalRing.mend(keeper, paths);
                    }
                },
                null);
    }

    private void again(ZooKeeper keeper, Runnable go) {
        session.postIn(5L * Session.AGAIN_MILLIS, () -> {
            if (session.isCurrent(keeper)) {
                ensure(keeper, go);
            }
        });
    }

    private void found(ZooKeeper keeper, Runnable go) {
        createTop(keeper);
        byte[] term = Protocol.TERM.encode(new TermRecord(0, 0, "none", true, 0));
        byte[] view = Protocol.VIEW.encode(ViewImage.of(View.empty(Timings.DEFAULT.leaseNanos())));
        keeper.multi(
                record(paths, term, view),
                (rc, _, _, _) -> session.post(() -> {
                    if (session.isCurrent(keeper)) {
                        // Done, or somebody was quicker, or unknown: looking again tells.
                        ensure(keeper, go);
                    }
                }),
                null);
    }

    /** Whether the common parent exists already does not matter, so it has no part in the transaction. */
    static void createTop(ZooKeeper keeper) {
        keeper.create(Paths.TOP, EMPTY, Paths.OPEN, CreateMode.PERSISTENT, (_, _, _, _) -> {}, null);
    }

    /** Creates a record, where there is none. */
    static List<Op> record(Paths paths, byte[] term, byte[] view) {
        List<Op> all = new ArrayList<>(List.of(
                create(paths.root(), EMPTY),
                create(paths.view(), view),
                create(paths.touches(), EMPTY),
                create(paths.candidates(), EMPTY)));
        all.addAll(JournalRing.founding(paths));
        all.add(create(paths.term(), term));
        return all;
    }

    private static Op create(String path, byte[] content) {
        return Op.create(path, content, Paths.OPEN, CreateMode.PERSISTENT);
    }
}
