package dev.berth.core.store;

import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Prose;

/** Why a store did not do what it was asked: it surely was not done. Any thread. */
public sealed interface StoreRefusal {
    /** A later owner's fence stands: give the slot up. */
    @Code(1)
    record Fenced(@Field(1) long storedEpoch) implements StoreRefusal {}

    /** This connection has not asserted the fence of this grant: assert it, load what may have changed, write again. */
    @Code(2)
    record FenceMissing(@Field(1) long storedEpoch) implements StoreRefusal {}

    /** The store keeps no more than so many fences. */
    @Code(3)
    record FencesFull(@Field(1) int slotsMax) implements StoreRefusal {}

    /** The key is not at the version that the writer expects: load it again. */
    @Code(4)
    record OtherVersion(@Field(1) long version) implements StoreRefusal {}

    /** The key has as many deltas as it may have, or bytes in them: write a snapshot, then go on. */
    @Code(5)
    record SnapshotFirst(@Field(1) int deltas, @Field(2) int bytes) implements StoreRefusal {}

    /** As many requests wait as may wait: ask again later. */
    @Code(6)
    record Busy(@Field(1) int waiting) implements StoreRefusal {}

    /** The store's disk is so full that it takes fences and loads only: make room, or add a disk. */
    @Code(7)
    record DiskFull(@Field(1) int percent) implements StoreRefusal {}

    /** A key, delta, snapshot or cursor is longer than it may be, or a key is empty. */
    @Code(8)
    record WrongSize(
            @Field(value = 1, max = 32) String what,
            @Field(2) int bytes,
            @Field(3) int max) implements StoreRefusal {}

    /** The store cannot be reached, or cannot use its files at the moment: ask again later. */
    @Code(9)
    record Unavailable(@Field(1) String cause) implements StoreRefusal {
        public Unavailable {
            cause = Prose.upTo(200, cause);
        }
    }
}
