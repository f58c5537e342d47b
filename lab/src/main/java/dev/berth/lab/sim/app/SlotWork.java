package dev.berth.lab.sim.app;

import dev.berth.core.call.Dispatch;
import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.lab.sim.store.Loaded;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** One slot under one epoch: what it has in memory, and what waits for it. One thread: its process. */
final class SlotWork {
    /** A counter as its owner knows it. */
    static final class Counter {
        long value;
        int version;
        /** Each with its place in order. */
        final Map<OperationId, Long> operations = new LinkedHashMap<>();

        long done(OperationId operation) {
            long place = operations.size() + 1L;
            operations.put(operation, place);
            return place;
        }
    }

    final Grant grant;
    final ArrayDeque<Dispatch> mailbox = new ArrayDeque<>();
    private final TreeMap<Integer, Counter> counters = new TreeMap<>();
    private Runnable whenIdle = () -> {};
    private boolean stopping;
    /** Where notes are kept in the store. */
    static final int NOTES = 1_000;

    /** A message has been taken and its handler has not yet let go of the slot. */
    boolean busy;

    boolean serving;
    boolean dropped;
    /** Notes that have been heard and are nowhere but here. */
    long notes;

    private int running;

    SlotWork(Grant grant) {
        this.grant = grant;
    }

    /** Takes over what the store shows. */
    void load(SortedMap<Integer, Loaded> content) {
        counters.clear();
        content.forEach((key, loaded) -> {
            Counter counter = counter(key);
            counter.value = loaded.value();
            counter.version = loaded.version();
            loaded.operations().keySet().forEach(counter::done);
        });
    }

    Counter counter(int key) {
        return counters.computeIfAbsent(key, _ -> new Counter());
    }

    /** All notes that it knows of, durable or not. */
    long allNotes() {
        return counter(NOTES).value + notes;
    }

    void begun() {
        running++;
    }

    void ended() {
        running--;
        if (stopping && running == 0) {
            stopping = false;
            whenIdle.run();
        }
    }

    void stop(Runnable then) {
        whenIdle = then;
        stopping = running > 0;
        if (running == 0) {
            then.run();
        }
    }
}
