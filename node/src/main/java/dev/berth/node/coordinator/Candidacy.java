package dev.berth.node.coordinator;

import dev.berth.core.cluster.MasterEvent;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;

// Every candidate owns an ephemeral node with a sequence number; the oldest is elected, each of the others watches the
// one before it. The election's number is the transaction that created the winner's node: a later winner's node is
// younger. A node's name begins with its session, so that a creation whose answer was lost is found again.

/** Stands for election, again and again. One thread: the session's. */
final class Candidacy implements Session.Listener {
    private final Session session;
    private final Paths paths;
    private final Founding founding;
    private final String name;
    private final Consumer<? super MasterEvent> told;
    private boolean elected;

    Candidacy(Session session, Paths paths, Founding founding, String name, Consumer<? super MasterEvent> told) {
        this.session = session;
        this.paths = paths;
        this.founding = founding;
        this.name = name;
        this.told = told;
    }

    @Override
    public void connected(ZooKeeper keeper) {
        founding.ensure(keeper, () -> look(keeper));
    }

    @Override
    public void suspended(String cause) {
        depose();
    }

    private void depose() {
        if (elected) {
            elected = false;
            told.accept(new MasterEvent.Deposed());
        }
    }

    private void look(ZooKeeper keeper) {
        keeper.getChildren(
                paths.candidates(),
                false,
                (int rc, String _, Object _, List<String> names) -> then(
                        keeper,
                        rc,
                        () -> compare(keeper, names.stream().sorted(BY_AGE).toList())),
                null);
    }

    private static final Comparator<String> BY_AGE =
            Comparator.comparing(candidate -> candidate.substring(candidate.lastIndexOf('-') + 1));

    private void compare(ZooKeeper keeper, List<String> eldestFirst) {
        String prefix = Paths.candidatePrefix(keeper.getSessionId());
        for (int i = 0; i < eldestFirst.size(); i++) {
            String candidate = eldestFirst.get(i);
            if (candidate.startsWith(prefix)) {
                if (i == 0) {
                    win(keeper, candidate);
                } else {
                    follow(keeper, eldestFirst.get(i - 1), candidate);
                }
                return;
            }
        }
        depose();
        stand(keeper);
    }

    private void stand(ZooKeeper keeper) {
        keeper.create(
                paths.candidates() + "/" + Paths.candidatePrefix(keeper.getSessionId()),
                name.getBytes(StandardCharsets.UTF_8),
                Paths.OPEN,
                CreateMode.EPHEMERAL_SEQUENTIAL,
                (int rc, String _, Object _, String _) -> then(keeper, rc, () -> look(keeper)),
                null);
    }

    /** The own node is watched too: an operator may remove it. */
    private void win(ZooKeeper keeper, String own) {
        keeper.exists(
                paths.candidates() + "/" + own,
                watcher(keeper),
                (rc, _, _, stat) -> then(keeper, rc, () -> {
                    if (!elected) {
                        elected = true;
                        told.accept(new MasterEvent.Elected(stat.getCzxid()));
                    }
                }),
                null);
    }

    private void follow(ZooKeeper keeper, String before, String own) {
        depose();
        keeper.exists(paths.candidates() + "/" + own, watcher(keeper), (_, _, _, _) -> {}, null);
        keeper.exists(
                paths.candidates() + "/" + before, watcher(keeper), (rc, _, _, _) -> then(keeper, rc, () -> {}), null);
    }

    private Watcher watcher(ZooKeeper keeper) {
        return (WatchedEvent event) -> {
            if (event.getType() == Watcher.Event.EventType.NodeDeleted) {
                session.post(() -> {
                    if (session.isCurrent(keeper)) {
                        look(keeper);
                    }
                });
            }
        };
    }

    /** Goes on unless the connection is gone, in which case the next one begins anew. */
    private void then(ZooKeeper keeper, int rc, Runnable next) {
        session.post(() -> {
            if (!session.isCurrent(keeper)) {
                return;
            }
            switch (Code.get(rc)) {
                case OK -> next.run();
                // A candidate has gone between two looks, or the record has.
                default ->
                    session.postIn(Session.AGAIN_MILLIS / 10, () -> {
                        if (session.isCurrent(keeper)) {
                            connected(keeper);
                        }
                    });
            }
        });
    }
}
