package dev.berth.lab.sim.store;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.Fences;
import dev.berth.core.store.Fences.FenceAnswer;
import dev.berth.core.store.Fences.WriteAnswer;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

// The primary shows a change at once and acknowledges it when a replica has it. A fail-over undoes, youngest first,
// what no replica had: fences too, because they are written with the same durability (rule 26).

/** One primary with its replica. One thread. */
final class Shard {
    private final Supplier<Fences> makeFences;
    private final TreeMap<SlotId, TreeMap<Integer, Entry>> slots = new TreeMap<>();
    private final TreeMap<SlotId, Long> replicatedFences = new TreeMap<>();
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private Fences fences;
    private int outages;
    private boolean replicating = true;

    private record Pending(Runnable replicated, Runnable undo) {}

    Shard(Supplier<Fences> makeFences) {
        this.makeFences = makeFences;
        this.fences = makeFences.get();
    }

    boolean isDown() {
        return outages > 0;
    }

    /** It answers nobody until as many outages have ended as began. */
    void outageBegins() {
        outages++;
    }

    void outageEnds() {
        outages = Math.max(0, outages - 1);
    }

    void outagesEnd() {
        outages = 0;
    }

    /** While replication stands still nothing is acknowledged, and a fail-over loses it. */
    void replicating(boolean on) {
        replicating = on;
    }

    FenceAnswer fence(Grant grant, Runnable replicated) {
        FenceAnswer answer = fences.fence(grant);
        if (answer instanceof FenceAnswer.Taken) {
            pending.addLast(new Pending(
                    () -> {
                        replicatedFences.merge(grant.slot(), grant.epoch(), Math::max);
                        replicated.run();
                    },
                    () -> {}));
        }
        return answer;
    }

    Appended append(Append append, Runnable replicated) {
        WriteAnswer answer = fences.write(append.grant());
        Entry entry = entry(append.grant().slot(), append.key());
        boolean fits = entry.version() == append.version();
        if (fits && answer instanceof WriteAnswer.Accepted) {
            entry.add(append.operation(), append.delta(), append.grant().epoch());
            pending.addLast(new Pending(replicated, () -> entry.undo(append.operation(), append.delta())));
        }
        return new Appended(answer, fits);
    }

    private TreeMap<Integer, Entry> entries(SlotId slot) {
        return slots.computeIfAbsent(slot, _ -> new TreeMap<>());
    }

    /** What the primary shows of a slot: for each key its value and operations, copied. */
    SortedMap<Integer, Loaded> load(SlotId slot) {
        TreeMap<Integer, Loaded> copy = new TreeMap<>();
        entries(slot)
                .forEach((key, entry) -> copy.put(
                        key, new Loaded(entry.value(), entry.version(), new LinkedHashMap<>(entry.operations()))));
        return copy;
    }

    Entry entry(SlotId slot, int key) {
        return entries(slot).computeIfAbsent(key, _ -> new Entry());
    }

    TreeMap<SlotId, TreeMap<Integer, Entry>> all() {
        return slots;
    }

    /** The replica has the oldest pending change, unless replication stands still or a fail-over has taken it. */
    void replicateNext() {
        if (replicating && !pending.isEmpty()) {
            pending.removeFirst().replicated().run();
        }
    }

    boolean hasPending() {
        return !pending.isEmpty();
    }

    /** The replica takes over: what it did not have is gone. Returns how many changes that were. */
    int failOver() {
        int lost = pending.size();
        while (!pending.isEmpty()) {
            pending.removeLast().undo().run();
        }
        fences = makeFences.get();
        replicatedFences.forEach((slot, epoch) -> fences.fence(new Grant(slot, epoch)));
        return lost;
    }

    /** Fences only, as if somebody had restored the data without them (scenario 25). */
    void forgetFences() {
        replicatedFences.clear();
        fences = makeFences.get();
    }
}
