package dev.berth.lab.sim.store;

import dev.berth.core.call.OperationId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** One key's content: a counter, and under which epoch each operation added to it. One thread. */
public final class Entry {
    private final LinkedHashMap<OperationId, Long> operations = new LinkedHashMap<>();
    private long value;
    private int doubles;

    /** The sum of all effects. */
    public long value() {
        return value;
    }

    public boolean has(OperationId operation) {
        return operations.containsKey(operation);
    }

    /** Each operation with the epoch under which it was written, in the order of the writes. */
    public Map<OperationId, Long> operations() {
        return Collections.unmodifiableMap(operations);
    }

    /** Changes with every write: a write that expects another one is not done. */
    public int version() {
        return operations.size();
    }

    /** How many effects came twice. */
    public int doubles() {
        return doubles;
    }

    void add(OperationId operation, long delta, long epoch) {
        if (operations.putIfAbsent(operation, epoch) != null) {
            doubles++;
        }
        value += delta;
    }

    void undo(OperationId operation, long delta) {
        value -= delta;
        operations.remove(operation);
    }
}
