package dev.berth.core.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The latest deltas, for those who have missed some, and whose slots came to run in them. One thread: the master's. */
final class RecentDeltas {
    private static final int DELTAS_MAX = 128;

    private final ArrayDeque<Delta> deltas = new ArrayDeque<>();
    private final TreeMap<Long, TreeSet<Incarnation>> started = new TreeMap<>();
    /** The latest answer, since many ask for the same; valid for one term, base and newest view. */
    private ClusterMessage.@Nullable ViewDeltas latest;

    void add(Delta delta) {
        deltas.addLast(delta);
        if (deltas.size() > DELTAS_MAX) {
            deltas.removeFirst();
        }
        latest = null;
        for (Change change : delta.changes()) {
            if (change instanceof Change.SlotChanged slot && slot.state() instanceof SlotState.Running running) {
                started.computeIfAbsent(delta.number(), number -> new TreeSet<>())
                        .add(running.owner());
            }
        }
    }

    /** The deltas after view {@code from}, or null where they are not all remembered, or are too many for one message. */
    ClusterMessage.@Nullable ViewDeltas since(long term, long from) {
        if (deltas.isEmpty() || deltas.getFirst().number() > from + 1) {
            return null;
        }
        ClusterMessage.ViewDeltas known = latest;
        if (known != null && known.from() == from && known.term() == term) {
            return known;
        }
        List<Delta> missing = new ArrayList<>();
        int changes = 0;
        for (Delta delta : deltas) {
            if (delta.number() > from) {
                missing.add(delta);
                changes += delta.changes().size();
            }
        }
        if (changes > Delta.CHANGES_MAX) {
            return null; // would not fit a frame; the whole view does
        }
        ClusterMessage.ViewDeltas answer = new ClusterMessage.ViewDeltas(term, from, missing);
        latest = answer;
        return answer;
    }

    /** Whose slots came to run in views up to {@code closed}; each is named once. */
    TreeSet<Incarnation> startedBy(long closed) {
        TreeSet<Incarnation> owners = new TreeSet<>();
        while (!started.isEmpty() && started.firstKey() <= closed) {
            owners.addAll(started.pollFirstEntry().getValue());
        }
        return owners;
    }
}
