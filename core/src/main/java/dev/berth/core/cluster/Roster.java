package dev.berth.core.cluster;

import java.util.Comparator;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All listed members as the master sees them, by id, by name and by what they have acknowledged. One thread: the master's. */
final class Roster {
    private final TreeMap<NodeId, Life> byId = new TreeMap<>();
    private final TreeMap<String, Life> byName = new TreeMap<>();
    private final TreeSet<Life> byAcked =
            new TreeSet<>(Comparator.comparingLong((Life life) -> life.acked).thenComparing(Life::incarnation));

    void add(Life life) {
        byId.put(life.incarnation().node(), life);
        byName.put(life.listing.name(), life);
        byAcked.add(life);
    }

    void remove(Incarnation incarnation) {
        Life life = at(incarnation);
        if (life != null) {
            byId.remove(incarnation.node());
            byName.remove(life.listing.name());
            byAcked.remove(life);
        }
    }

    int size() {
        return byId.size();
    }

    Iterable<Life> all() {
        return byId.values();
    }

    @Nullable
    Life at(Incarnation incarnation) {
        Life life = byId.get(incarnation.node());
        return life != null && life.incarnation().equals(incarnation) ? life : null;
    }

    @Nullable
    Life at(NodeId id) {
        return byId.get(id);
    }

    @Nullable
    Life named(String name) {
        return byName.get(name);
    }

    void acked(Life life, long view) {
        if (view > life.acked) {
            byAcked.remove(life);
            life.acked = view;
            byAcked.add(life);
        }
    }

    /** Members in the order of what they have acknowledged, the slowest first. */
    Iterable<Life> slowestFirst() {
        return byAcked;
    }
}
