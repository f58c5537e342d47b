package dev.berth.node.store;

import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.Brim;
import dev.berth.core.store.Desk;
import dev.berth.core.store.Desk.Verdict;
import dev.berth.core.store.Fences;
import dev.berth.core.store.Head;
import dev.berth.core.store.StoreMessage.Append;
import dev.berth.core.store.StoreMessage.AssertFence;
import dev.berth.core.store.StoreMessage.FenceHeld;
import dev.berth.core.store.StoreMessage.FromStore;
import dev.berth.core.store.StoreMessage.Snapshot;
import dev.berth.core.store.StoreMessage.StoreRefused;
import dev.berth.core.store.StoreMessage.Write;
import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StoreRefusal;
import dev.berth.core.wire.Bytes;
import java.util.TreeMap;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Looks up what core needs to judge a request, and puts into a batch what core lets pass. One thread: the committer's. */
final class Clerk {
    private final KeyBook book;
    private final Brim brim;
    private final Desk desk;

    /** Begins with the fences that the table has. */
    Clerk(RowTable table, Brim brim) throws RocksDBException {
        this.book = new KeyBook(table);
        this.brim = brim;
        var epochs = new TreeMap<SlotId, Long>();
        table.scan(Rows.fences(), Rows.fences(), (row, value) -> {
            epochs.put(Rows.slotOfFence(row), Rows.number(value));
            return true;
        });
        this.desk = new Desk(Fences.restored(epochs));
    }

    int fences() {
        return desk.fences().snapshot().size();
    }

    long highestEpoch() {
        return desk.fences().highest();
    }

    void closed(long connection) {
        desk.closed(connection);
    }

    /** Another batch begins; what the last one wrote is in the table. */
    void nextBatch() {
        book.trim();
    }

    FromStore fence(long connection, AssertFence ask, WriteBatch batch) throws RocksDBException {
        Grant grant = ask.grant();
        StoreRefusal refusal = desk.fence(connection, grant);
        if (refusal != null) {
            return new StoreRefused(ask.request(), refusal);
        }
        batch.put(Rows.fence(grant.slot()), Rows.epoch(grant.epoch()));
        return new FenceHeld(ask.request());
    }

    FromStore write(long connection, Write write, WriteBatch batch) throws RocksDBException {
        StoreRefusal refusal = desk.admits(connection, write);
        if (refusal != null) {
            return new StoreRefused(write.request(), refusal);
        }
        KeyBook.Entry entry = book.of(write.grant().slot(), write.key());
        return switch (desk.judge(write, entry.head(), writtenAt(write, entry), brim)) {
            case Verdict.Refuse refuse -> new StoreRefused(write.request(), refuse.reason());
            case Verdict.Repeated repeated -> new Written(write.request(), repeated.version(), true);
            case Verdict.Apply apply -> {
                apply(write, entry, apply.head(), batch);
                yield new Written(write.request(), apply.head().version(), false);
            }
        };
    }

    private static long writtenAt(Write write, KeyBook.Entry entry) throws RocksDBException {
        OperationId operation = write instanceof Append append ? append.operation() : null;
        return operation == null ? 0 : entry.writtenAt(operation);
    }

    private static void apply(Write write, KeyBook.Entry entry, Head after, WriteBatch batch) throws RocksDBException {
        SlotId slot = write.grant().slot();
        Bytes key = write.key();
        long epoch = write.grant().epoch();
        switch (write) {
            case Append append -> {
                batch.put(
                        Rows.delta(slot, key, after.version()),
                        Rows.deltaValue(epoch, append.operation(), append.delta()));
                if (append.operation() != null) {
                    entry.wrote(append.operation(), after.version());
                }
            }
            case Snapshot snapshot -> {
                Head before = entry.head();
                // The operations are looked for in the deltas, which go.
                if (!entry.operations().isEmpty()) {
                    batch.put(Rows.operations(slot, key), Rows.operations(entry.operations()));
                }
                batch.put(Rows.state(slot, key), Rows.stateValue(after.version(), epoch, snapshot.state()));
                for (long version = before.snapshotVersion() + 1; version <= before.version(); version++) {
                    batch.delete(Rows.delta(slot, key, version));
                }
            }
        }
        batch.put(Rows.head(slot, key), Rows.head(after));
        entry.head(after);
    }
}
