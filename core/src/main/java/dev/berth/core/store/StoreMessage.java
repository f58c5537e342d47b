package dev.berth.core.store;

import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Prose;
import java.util.List;
import org.jspecify.annotations.Nullable;

// Each request has a number of its connection's own choice, and one answer that repeats it. Writes and fences of a
// connection are carried out in the order in which they came; loads see everything that was answered before they were
// sent. When the connection ends, what was not answered may have been done, and nobody will say.

/** What owners and stores say to each other. Any thread. */
public sealed interface StoreMessage {
    long request();

    /** From an owner to a store. */
    sealed interface ToStore extends StoreMessage {}

    /** The store's answer. */
    sealed interface FromStore extends StoreMessage {}

    /** A write of a key: done only behind the fence of its grant, and only if the key is at the version expected. */
    sealed interface Write extends ToStore {
        Grant grant();

        Bytes key();

        /** The key's version as the writer knows it; 0 for a key without content. */
        long version();

        /** What is written: a delta, or a snapshot. */
        Bytes content();
    }

    /**
     * From now on the slot is written under this grant, by this connection alone; earlier epochs and other connections are
     * refused. To assert it again is one effect (rule 26).
     */
    @Code(200)
    record AssertFence(@Field(1) long request, @Field(2) Grant grant) implements ToStore {}

    /** Adds a delta to a key. The same operation on the same key twice is one effect. */
    @Code(201)
    record Append(
            @Field(1) long request,
            @Field(2) Grant grant,
            @Field(value = 3, max = StoreLimits.KEY_MAX) Bytes key,
            @Field(4) long version,
            @Field(5) @Nullable OperationId operation,
            @Field(value = 6, max = StoreLimits.DELTA_MAX) Bytes delta)
            implements Write {
        @Override
        public Bytes content() {
            return delta;
        }
    }

    /** Replaces what a key has, its deltas too. */
    @Code(202)
    record Snapshot(
            @Field(1) long request,
            @Field(2) Grant grant,
            @Field(value = 3, max = StoreLimits.KEY_MAX) Bytes key,
            @Field(4) long version,
            @Field(value = 5, max = StoreLimits.STATE_MAX) Bytes state)
            implements Write {
        @Override
        public Bytes content() {
            return state;
        }
    }

    /**
     * Reads a slot, or one key of it, a page at a time.
     *
     * @param key empty for all keys of the slot
     * @param after empty for the first page; then what the last page said
     */
    @Code(203)
    record Load(
            @Field(1) long request,
            @Field(2) SlotId slot,
            @Field(value = 3, max = StoreLimits.KEY_MAX) Bytes key,
            @Field(value = 4, max = StoreLimits.CURSOR_MAX) Bytes after)
            implements ToStore {}

    @Code(204)
    record AskStoreStatus(@Field(1) long request) implements ToStore {}

    /** The fence stands, on disk. */
    @Code(210)
    record FenceHeld(@Field(1) long request) implements FromStore {}

    /**
     * The write is on disk.
     *
     * @param version of the key by this write
     * @param repeated whether the operation had been written before, at that version, and nothing was written now
     */
    @Code(211)
    record Written(
            @Field(1) long request,
            @Field(2) long version,
            @Field(3) boolean repeated) implements FromStore {}

    /** @param next the cursor of the next page; empty with the last one */
    @Code(212)
    record Page(
            @Field(1) long request,
            @Field(value = 2, max = StoreLimits.PIECES_MAX) List<StorePiece> pieces,
            @Field(value = 3, max = StoreLimits.CURSOR_MAX) Bytes next)
            implements FromStore {
        public Page {
            pieces = List.copyOf(pieces);
        }
    }

    /** It surely was not done. */
    @Code(213)
    record StoreRefused(@Field(1) long request, @Field(2) StoreRefusal reason) implements FromStore {}

    /** It may have been done: the disk failed in the middle. Assert the fence, then load, then go on (rule 26). */
    @Code(214)
    record Unsure(@Field(1) long request, @Field(2) String cause) implements FromStore {
        public Unsure {
            cause = Prose.upTo(200, cause);
        }
    }

    /**
     * How a store is.
     *
     * @param takesWrites whether appends and snapshots are taken; false while the disk is full
     * @param diskPercent how full the disk is
     * @param fences how many slots have one
     * @param waiting requests in the queue
     * @param acknowledged appends and snapshots since the start
     * @param fsyncs of the log since the start
     * @param fsyncP50Micros half of them took no longer; 0 before the first
     * @param highestEpoch of all fences: no view that granted a slot of this store had a higher number
     * @param connections open ones, the asker's included
     */
    @Code(215)
    record StoreStatus(
            @Field(1) long request,
            @Field(2) boolean takesWrites,
            @Field(3) int diskPercent,
            @Field(4) int fences,
            @Field(5) int waiting,
            @Field(6) long acknowledged,
            @Field(7) long fsyncs,
            @Field(8) long fsyncP50Micros,
            @Field(9) long highestEpoch,
            @Field(10) int connections)
            implements FromStore {}
}
