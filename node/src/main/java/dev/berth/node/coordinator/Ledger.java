package dev.berth.node.coordinator;

import dev.berth.core.cluster.Durable;
import dev.berth.core.cluster.JournalEntry;
import dev.berth.core.cluster.MasterAction;
import dev.berth.core.cluster.MasterEvent;
import dev.berth.core.cluster.MasterEvent.WasWritten.Outcome;
import dev.berth.core.cluster.ViewImage;
import dev.berth.core.protocol.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.jspecify.annotations.Nullable;

// A touch node's version counts its touches: ZooKeeper counts the changes after the creation, so it is one more. That
// a life has never touched is checked by creating its node and removing it again within the transaction.

/** Writes the durable record under conditions (rules 1, 3, 6, 25). Any thread. */
final class Ledger {
    /** ZooKeeper's servers close a connection that brings more than 1,048,575 bytes. */
    static final int BYTES_MAX = 1_040_000;

    private static final int BYTES_OF_AN_OP = 40;
    private static final byte[] EMPTY = {};

    private final Session session;
    private final Paths paths;

    Ledger(Session session, Paths paths) {
        this.session = session;
        this.paths = paths;
    }

    void write(MasterAction.WriteTerm write, Consumer<? super MasterEvent> answer) {
        byte[] term = Protocol.TERM.encode(write.term());
        submit(
                write.request(),
                List.of(Op.setData(paths.term(), term, write.termVersion())),
                "the term",
                term.length,
                answer);
    }

    void write(MasterAction.TakeOver write, Consumer<? super MasterEvent> answer) {
        byte[] term = Protocol.TERM.encode(write.term());
        byte[] view = Protocol.VIEW.encode(ViewImage.of(write.view()));
        List<Op> ops = new ArrayList<>();
        ops.add(Op.setData(paths.term(), term, write.termVersion()));
        ops.add(Op.setData(paths.view(), view, write.viewVersion()));
        String what = "view " + write.view().number();
        submit(write.request(), ops, what, term.length + view.length, write.entry(), answer);
    }

    void write(MasterAction.WriteView write, Consumer<? super MasterEvent> answer) {
        byte[] view = Protocol.VIEW.encode(ViewImage.of(write.view()));
        List<Op> ops = new ArrayList<>();
        ops.add(Op.setData(paths.view(), view, write.viewVersion()));
        for (Durable.Touch touch : write.unchanged()) {
            String path = paths.touch(touch.incarnation());
            if (touch.version() == 0) {
                ops.add(Op.create(path, EMPTY, Paths.OPEN, CreateMode.PERSISTENT));
                ops.add(Op.delete(path, 0));
            } else {
                ops.add(Op.check(path, touch.version() - 1));
            }
        }
        submit(write.request(), ops, "view " + write.view().number(), view.length, write.entry(), answer);
    }

    /** With an entry, which goes where it has room and is left out where it has none. */
    private void submit(
            long request,
            List<Op> ops,
            String what,
            int bytes,
            JournalEntry entry,
            Consumer<? super MasterEvent> answer) {
        long room = BYTES_MAX
                - size(ops, bytes)
                - 2L * BYTES_OF_AN_OP
                - paths.journal().length();
        byte[] told = JournalRing.bytes(entry.writtenAt(System.currentTimeMillis()), (int)
                Math.min(JournalRing.ENTRY_BYTES_MAX, Math.max(0, room)));
        if (told.length > room) {
            submit(request, ops, what, bytes, answer);
            return;
        }
        List<Op> all = new ArrayList<>(ops);
        all.add(Op.setData(paths.journal(entry.place()), told, -1));
        session.send(
                keeper -> keeper.multi(
                        all,
                        (rc, _, _, results) -> {
                            if (rc != 0 && failedLast(all.size(), results)) {
                                // Everything holds but the journal: the view must not wait for it.
                                JournalRing.mend(keeper, paths);
                                keeper.multi(
                                        ops,
                                        (again, _, _, _) ->
                                                answer.accept(new MasterEvent.WasWritten(request, outcome(again))),
                                        null);
                            } else {
                                answer.accept(new MasterEvent.WasWritten(request, outcome(rc)));
                            }
                        },
                        null),
                () -> answer.accept(new MasterEvent.WasWritten(request, Outcome.UNKNOWN)));
    }

    /** Whether all operations would have succeeded but the last, so that surely nothing was done. */
    private static boolean failedLast(int size, @Nullable List<OpResult> results) {
        if (results == null || results.size() != size) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            boolean failed = !(results.get(i) instanceof OpResult.ErrorResult error) || error.getErr() != 0;
            if (failed != (i == size - 1)) {
                return false;
            }
        }
        return true;
    }

    private void submit(long request, List<Op> ops, String what, int bytes, Consumer<? super MasterEvent> answer) {
        long all = size(ops, bytes);
        if (all > BYTES_MAX) {
            throw new RecordTooLargeException(what, all, BYTES_MAX);
        }
        session.send(
                keeper -> keeper.multi(
                        ops, (rc, _, _, _) -> answer.accept(new MasterEvent.WasWritten(request, outcome(rc))), null),
                () -> answer.accept(new MasterEvent.WasWritten(request, Outcome.UNKNOWN)));
    }

    private static long size(List<Op> ops, int bytes) {
        long all = bytes;
        for (Op op : ops) {
            all += op.getPath().length() + BYTES_OF_AN_OP;
        }
        return all;
    }

    // Only what the transaction itself has met is a conflict. All else, a lost connection above all, tells nothing.
    static Outcome outcome(int rc) {
        return switch (Code.get(rc)) {
            case OK -> Outcome.DONE;
            case BADVERSION, NONODE, NODEEXISTS -> Outcome.CONFLICT;
            default -> Outcome.UNKNOWN;
        };
    }
}
