package dev.berth.node.coordinator;

import java.nio.charset.StandardCharsets;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooKeeper;

// Beside the record, not in it: a coordinator that was emptied has no record, and it is exactly then that an operator
// must know who is still there. Nobody waits for it, and nothing depends on it: a node that failed to be written is a
// client that is not seen.

/** Every session of a cluster's processes leaves its name while it lasts. One thread: the session's. */
final class Presence implements Session.Listener {
    private static final byte[] EMPTY = {};

    private final Paths paths;
    private final byte[] who;

    Presence(Paths paths, String who) {
        this.paths = paths;
        this.who = who.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void connected(ZooKeeper keeper) {
        keeper.create(Paths.SESSIONS, EMPTY, Paths.OPEN, CreateMode.PERSISTENT, (_, _, _, _) -> {}, null);
        keeper.create(paths.sessions(), EMPTY, Paths.OPEN, CreateMode.PERSISTENT, (_, _, _, _) -> {}, null);
        keeper.create(
                paths.sessions() + "/s" + Long.toHexString(keeper.getSessionId()),
                who,
                Paths.OPEN,
                CreateMode.EPHEMERAL,
                (_, _, _, _) -> {},
                null);
    }

    @Override
    public void suspended(String cause) {}
}
