package dev.berth.node.coordinator;

import dev.berth.core.cluster.Durable;
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
        List<Op> ops = List.of(
                Op.setData(paths.term(), term, write.termVersion()),
                Op.setData(paths.view(), view, write.viewVersion()));
        submit(write.request(), ops, "view " + write.view().number(), term.length + view.length, answer);
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
        submit(write.request(), ops, "view " + write.view().number(), view.length, answer);
    }

    private void submit(long request, List<Op> ops, String what, int bytes, Consumer<? super MasterEvent> answer) {
        long all = bytes;
        for (Op op : ops) {
            all += op.getPath().length() + BYTES_OF_AN_OP;
        }
        if (all > BYTES_MAX) {
            throw new RecordTooLargeException(what, all, BYTES_MAX);
        }
        session.send(
                keeper -> keeper.multi(
                        ops, (rc, _, _, _) -> answer.accept(new MasterEvent.WasWritten(request, outcome(rc))), null),
                () -> answer.accept(new MasterEvent.WasWritten(request, Outcome.UNKNOWN)));
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
