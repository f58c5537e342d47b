package dev.berth.node.coordinator;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.NodeId;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;

/** Where a cluster's record lies in ZooKeeper. Any thread. */
record Paths(String cluster) {
    static final String TOP = "/berth";
    /** Whoever reaches the coordinator's port may write: it listens on the loopback, or in a network of its own. */
    static final List<ACL> OPEN = Collections.singletonList(new ACL(ZooDefs.Perms.ALL, new Id("world", "anyone")));

    /** Who is there, cluster by cluster; outside of the record, which may be lost. */
    static final String SESSIONS = "/berth-sessions";

    String sessions() {
        return SESSIONS + "/" + cluster;
    }

    String root() {
        return TOP + "/" + cluster;
    }

    String term() {
        return root() + "/term";
    }

    String view() {
        return root() + "/view";
    }

    String touches() {
        return root() + "/touch";
    }

    String touch(Incarnation life) {
        return touches() + "/" + life.node().value() + "." + life.number();
    }

    /** Whose touch node bears this name; empty for what is no touch node. */
    static Optional<Incarnation> life(String name) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        try {
            NodeId node = new NodeId(Integer.parseInt(name.substring(0, dot)));
            return Optional.of(new Incarnation(node, Long.parseLong(name.substring(dot + 1))));
        } catch (IllegalArgumentException foreign) {
            // Somebody else's node under our path: it is no touch, so it is left alone.
            return Optional.empty();
        }
    }

    String journal() {
        return root() + "/journal";
    }

    String journal(int place) {
        return journal() + "/" + place;
    }

    String candidates() {
        return root() + "/candidates";
    }

    /** The part before the sequence number that ZooKeeper appends; it tells whose candidate this is. */
    static String candidatePrefix(long session) {
        return "s" + Long.toHexString(session) + "-";
    }
}
