package dev.berth.core.cluster;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// Every beat looks a member up and may move it among those that have acknowledged. Ids are small numbers, so they
// index an array; acknowledged views are few at a time, so members that have come equally far stand together.

/** All listed members as the master sees them, by id, by name and by what they have acknowledged. One thread: the master's. */
final class Roster {
    private final @Nullable Life[] byId = new Life[NodeId.MAX + 1];
    private final TreeMap<String, Life> byName = new TreeMap<>();
    private final TreeMap<Long, LinkedHashSet<Life>> byAcked = new TreeMap<>();
    /** All of them in the order of their ids; made anew after somebody has come or gone. */
    private @Nullable List<Life> inOrder;

    void add(Life life) {
        byId[life.incarnation().node().value()] = life;
        byName.put(life.listing.name(), life);
        placeByAcked(life);
        inOrder = null;
    }

    void remove(Incarnation incarnation) {
        Life life = at(incarnation);
        if (life != null) {
            byId[incarnation.node().value()] = null;
            byName.remove(life.listing.name());
            displaceByAcked(life);
            inOrder = null;
        }
    }

    int size() {
        return byName.size();
    }

    List<Life> all() {
        List<Life> all = inOrder;
        if (all == null) {
            all = new ArrayList<>(byName.size());
            for (Life life : byId) {
                if (life != null) {
                    all.add(life);
                }
            }
            inOrder = all;
        }
        return all;
    }

    @Nullable
    Life at(Incarnation incarnation) {
        Life life = at(incarnation.node());
        return life != null && life.incarnation().equals(incarnation) ? life : null;
    }

    @Nullable
    Life at(NodeId id) {
        return byId[id.value()];
    }

    @Nullable
    Life named(String name) {
        return byName.get(name);
    }

    void acked(Life life, long view) {
        if (view > life.acked) {
            displaceByAcked(life);
            life.acked = view;
            placeByAcked(life);
        }
    }

    private void placeByAcked(Life life) {
        byAcked.computeIfAbsent(life.acked, _ -> new LinkedHashSet<>()).add(life);
    }

    private void displaceByAcked(Life life) {
        LinkedHashSet<Life> equals = byAcked.get(life.acked);
        if (equals != null && equals.remove(life) && equals.isEmpty()) {
            byAcked.remove(life.acked);
        }
    }

    /** Members in the order of what they have acknowledged, the slowest first; each group as it came together. */
    Iterable<? extends Set<Life>> slowestFirst() {
        return byAcked.values();
    }
}
