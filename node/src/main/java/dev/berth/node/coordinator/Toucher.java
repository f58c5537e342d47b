package dev.berth.node.coordinator;

import dev.berth.core.cluster.MemberAction;
import dev.berth.core.cluster.MemberEvent;
import dev.berth.core.cluster.View;
import dev.berth.core.protocol.Protocol;
import dev.berth.core.wire.WireException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

// Two steps: read the view node; if the member agrees with it, write the touch node in a transaction that checks the
// view's version. Between the steps anything may happen, the transaction finds out. Many members touch at the same
// time when a master is away, so the view is fetched only when it is another one than before.

/** A member's renewal at the coordinator (rule 25). Any thread. */
final class Toucher {
    private static final byte[] EMPTY = {};

    /** The view node as it was read in a session; in another session the coordinator may have been emptied in between. */
    private record Seen(ZooKeeper in, long changedBy, int version, View view) {}

    /** One touch on its way. */
    private record Attempt(ZooKeeper keeper, MemberAction.Touch touch, Consumer<? super MemberEvent> answer) {
        void failed() {
            answer.accept(new MemberEvent.TouchFailed(touch.request()));
        }

        void answered(boolean done) {
            if (done) {
                answer.accept(new MemberEvent.Touched(touch.request(), null));
            } else {
                failed();
            }
        }
    }

    private final Session session;
    private final Paths paths;
    private volatile @Nullable Seen seen;

    Toucher(Session session, Paths paths) {
        this.session = session;
        this.paths = paths;
    }

    void touch(MemberAction.Touch touch, Consumer<? super MemberEvent> answer) {
        session.send(
                keeper -> look(new Attempt(keeper, touch, answer)),
                () -> answer.accept(new MemberEvent.TouchFailed(touch.request())));
    }

    private void look(Attempt attempt) {
        attempt.keeper()
                .exists(
                        paths.view(),
                        false,
                        (rc, _, _, stat) -> {
                            Seen known = seen;
                            if (rc != 0) {
                                attempt.failed();
                            } else if (known != null
                                    && known.in().equals(attempt.keeper())
                                    && known.changedBy() == stat.getMzxid()) {
                                compare(attempt, known);
                            } else {
                                fetch(attempt);
                            }
                        },
                        null);
    }

    private void fetch(Attempt attempt) {
        attempt.keeper()
                .getData(
                        paths.view(),
                        false,
                        (rc, _, _, bytes, stat) -> {
                            if (rc != 0) {
                                attempt.failed();
                                return;
                            }
                            try {
                                View view = Protocol.VIEW.decode(bytes).toView();
                                Seen found = new Seen(attempt.keeper(), stat.getMzxid(), stat.getVersion(), view);
                                seen = found;
                                compare(attempt, found);
                            } catch (WireException unreadable) {
                                // Written by a newer version: this member cannot judge it, so it gets no lease from
                                // here.
                                attempt.failed();
                            }
                        },
                        null);
    }

    private void compare(Attempt attempt, Seen found) {
        MemberAction.Touch touch = attempt.touch();
        if (!touch.agreesWith(found.view())) {
            attempt.answer().accept(new MemberEvent.Touched(touch.request(), found.view()));
            return;
        }
        Op unchanged = Op.check(paths.view(), found.version());
        String own = paths.touch(touch.self());
        attempt.keeper()
                .multi(
                        List.of(unchanged, Op.setData(own, EMPTY, -1)),
                        (rc, _, _, _) -> {
                            if (rc == Code.NONODE.intValue()) {
                                touchFirst(attempt, unchanged, own);
                            } else {
                                attempt.answered(rc == 0);
                            }
                        },
                        null);
    }

    private void touchFirst(Attempt attempt, Op unchanged, String own) {
        attempt.keeper()
                .multi(
                        List.of(unchanged, Op.create(own, EMPTY, Paths.OPEN, CreateMode.PERSISTENT)),
                        (rc, _, _, _) -> attempt.answered(rc == 0),
                        null);
    }
}
