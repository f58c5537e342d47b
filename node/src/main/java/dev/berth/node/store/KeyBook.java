package dev.berth.node.store;

import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.Head;
import dev.berth.core.store.StoreLimits;
import dev.berth.core.store.StorePiece;
import dev.berth.core.wire.Bytes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

// A key that is written is written again soon. So what judging a write needs is kept in memory for the keys written
// last, and the table is asked only for others. What is kept runs ahead of the disk by the batch at hand; when a batch
// fails, the whole book is thrown away with it.
//
// The operations of a key are in its deltas, and in one row for those whose deltas a snapshot has replaced.

/** Heads and operations of keys. One thread: the committer's. */
final class KeyBook {
    private static final int KEYS_MAX = 65_536;
    private static final int OPERATIONS_MAX = 262_144;

    private record Name(SlotId slot, Bytes key) {}

    private final RowTable table;
    private final int keysMax;
    private final int operationsMax;
    private final LinkedHashMap<Name, Entry> entries = new LinkedHashMap<>(1_024, 0.75f, true);
    private int operations;

    KeyBook(RowTable table) {
        this(table, KEYS_MAX, OPERATIONS_MAX);
    }

    KeyBook(RowTable table, int keysMax, int operationsMax) {
        this.table = table;
        this.keysMax = keysMax;
        this.operationsMax = operationsMax;
    }

    /** One key. */
    final class Entry {
        private final Name name;
        private Head head;
        private @Nullable LinkedHashMap<OperationId, Long> known;

        private Entry(Name name, Head head) {
            this.name = name;
            this.head = head;
        }

        Head head() {
            return head;
        }

        void head(Head next) {
            head = next;
        }

        /** The version at which the operation was written; 0 if that is not known. */
        long writtenAt(OperationId operation) throws RocksDBException {
            return known().getOrDefault(operation, 0L);
        }

        void wrote(OperationId operation, long version) throws RocksDBException {
            LinkedHashMap<OperationId, Long> all = known();
            operations -= all.size();
            remember(all, operation, version);
            operations += all.size();
        }

        /** Each with its version, the earliest first. */
        Map<OperationId, Long> operations() throws RocksDBException {
            return known();
        }

        private LinkedHashMap<OperationId, Long> known() throws RocksDBException {
            LinkedHashMap<OperationId, Long> all = known;
            if (all == null) {
                all = read(name);
                known = all;
                operations += all.size();
            }
            return all;
        }
    }

    Entry of(SlotId slot, Bytes key) throws RocksDBException {
        Name name = new Name(slot, key);
        Entry entry = entries.get(name);
        if (entry == null) {
            entry = new Entry(name, Rows.readHead(table.get(Rows.head(slot, key))));
            entries.put(name, entry);
        }
        return entry;
    }

    /** Forgets the keys not written for longest; between batches only, since the table has nothing of the batch at hand. */
    void trim() {
        Iterator<Entry> eldest = entries.values().iterator();
        while (eldest.hasNext() && (entries.size() > keysMax || operations > operationsMax)) {
            Entry entry = eldest.next();
            operations -= entry.known == null ? 0 : entry.known.size();
            eldest.remove();
        }
    }

    private LinkedHashMap<OperationId, Long> read(Name name) throws RocksDBException {
        LinkedHashMap<OperationId, Long> all = new LinkedHashMap<>();
        byte[] row = table.get(Rows.operations(name.slot(), name.key()));
        if (row != null) {
            Rows.readOperations(row, (operation, version) -> remember(all, operation, version));
        }
        byte[] pieces = Rows.pieces(name.slot(), name.key());
        int slotLength = Rows.pieces(name.slot(), Bytes.EMPTY).length;
        table.scan(pieces, pieces, (at, value) -> {
            if (Rows.piece(slotLength, at, value) instanceof StorePiece.Delta delta && delta.operation() != null) {
                remember(all, delta.operation(), delta.version());
            }
            return true;
        });
        return all;
    }

    private static void remember(LinkedHashMap<OperationId, Long> all, OperationId operation, long version) {
        all.put(operation, version);
        Iterator<Long> earliest = all.values().iterator();
        while (earliest.next() <= version - StoreLimits.OPERATIONS_MAX) {
            earliest.remove();
        }
    }
}
