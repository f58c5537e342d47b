package dev.berth.core.store;

import dev.berth.core.call.OperationId;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;
import org.jspecify.annotations.Nullable;

/**
 * A part of what a store keeps: a key's snapshot, then its deltas in the order of their versions. The version of a key is that
 * of its last piece. Any thread.
 */
public sealed interface StorePiece {
    Bytes key();

    /** The version that the write made. */
    long version();

    /** The epoch under which it was written. */
    long epoch();

    @Code(1)
    record State(
            @Field(value = 1, max = StoreLimits.KEY_MAX) Bytes key,
            @Field(2) long version,
            @Field(3) long epoch,
            @Field(value = 4, max = StoreLimits.STATE_MAX) Bytes state)
            implements StorePiece {}

    @Code(2)
    record Delta(
            @Field(value = 1, max = StoreLimits.KEY_MAX) Bytes key,
            @Field(2) long version,
            @Field(3) long epoch,
            @Field(4) @Nullable OperationId operation,
            @Field(value = 5, max = StoreLimits.DELTA_MAX) Bytes delta)
            implements StorePiece {}
}
