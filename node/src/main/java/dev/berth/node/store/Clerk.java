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
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Looks up what core needs to judge a request and drafts what core decides. One thread: the committer's. */
final class Clerk {
    private final RowTable table;
    private final Brim brim;
    private final Desk desk;

    /** Begins with the fences that the table has. */
    Clerk(RowTable table, Brim brim) throws RocksDBException {
        this.table = table;
        this.brim = brim;
        var epochs = new TreeMap<SlotId, Long>();
        table.scan(Rows.fences(), Rows.fences(), (row, value) -> {
            epochs.put(Rows.slotOfFence(row), Rows.number(value));
            return true;
        });
        this.desk = new Desk(Fences.restored(epochs));
    }

    Draft draft() {
        return new Draft(table);
    }

    int fences() {
        return desk.fences().snapshot().size();
    }

    void closed(long connection) {
        desk.closed(connection);
    }

    FromStore fence(long connection, AssertFence ask, Draft draft) throws RocksDBException {
        Grant grant = ask.grant();
        StoreRefusal refusal = desk.fence(connection, grant);
        if (refusal != null) {
            return new StoreRefused(ask.request(), refusal);
        }
        draft.putPiece(Rows.fence(grant.slot()), Rows.epoch(grant.epoch()));
        return new FenceHeld(ask.request());
    }

    FromStore write(long connection, Write write, Draft draft) throws RocksDBException {
        StoreRefusal refusal = desk.admits(connection, write);
        if (refusal != null) {
            return new StoreRefused(write.request(), refusal);
        }
        SlotId slot = write.grant().slot();
        byte[] row = Rows.head(slot, write.key());
        Head before = Rows.readHead(draft.get(row));
        return switch (desk.judge(write, before, writtenAt(write, draft), brim)) {
            case Verdict.Refuse refuse -> new StoreRefused(write.request(), refuse.reason());
            case Verdict.Repeated repeated -> new Written(write.request(), repeated.version(), true);
            case Verdict.Apply apply -> {
                draft.put(row, Rows.head(apply.head()));
                draftPieces(write, before, apply.head(), draft);
                draft.counted();
                yield new Written(write.request(), apply.head().version(), false);
            }
        };
    }

    private static long writtenAt(Write write, Draft draft) throws RocksDBException {
        @Nullable OperationId operation = write instanceof Append append ? append.operation() : null;
        if (operation == null) {
            return 0;
        }
        byte[] found = draft.get(Rows.operation(write.grant().slot(), write.key(), operation));
        return found == null ? 0 : Rows.number(found);
    }

    private static void draftPieces(Write write, Head before, Head after, Draft draft) throws RocksDBException {
        SlotId slot = write.grant().slot();
        Bytes key = write.key();
        long epoch = write.grant().epoch();
        switch (write) {
            case Append append -> {
                draft.putPiece(
                        Rows.delta(slot, key, after.version()),
                        Rows.deltaValue(epoch, append.operation(), append.delta()));
                if (append.operation() != null) {
                    remember(slot, key, append.operation(), after.version(), draft);
                }
            }
            case Snapshot snapshot -> {
                draft.putPiece(Rows.state(slot, key), Rows.stateValue(after.version(), epoch, snapshot.state()));
                for (long version = before.snapshotVersion() + 1; version <= before.version(); version++) {
                    draft.deletePiece(Rows.delta(slot, key, version));
                }
            }
        }
    }

    /** Each key remembers the operations of its last versions; the one that had this place before is forgotten. */
    private static void remember(SlotId slot, Bytes key, OperationId operation, long version, Draft draft)
            throws RocksDBException {
        byte[] place = Rows.place(slot, key, version);
        byte[] forgotten = draft.get(place);
        if (forgotten != null) {
            draft.delete(Rows.operation(slot, key, Rows.readOperation(forgotten)));
        }
        draft.put(place, Rows.operation(operation));
        draft.put(Rows.operation(slot, key, operation), Rows.epoch(version));
    }
}
