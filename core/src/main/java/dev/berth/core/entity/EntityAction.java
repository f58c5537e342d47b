package dev.berth.core.entity;

import dev.berth.core.wire.Bytes;

/** What an {@link EntityLog} wants done, in this order. Any thread. */
public sealed interface EntityAction {
    /** Appends a delta behind this version of the key. */
    record Append(long version, Bytes delta) implements EntityAction {}

    /** Replaces the key at this version by a snapshot. */
    record Snapshot(long version, Bytes image) implements EntityAction {}

    /** What the turn has done is durable, and all that it saw: its effects may leave. */
    record Release(long turn) implements EntityAction {}

    /** The turn surely has changed nothing, or saw what is not so: it may be run again. */
    record Undo(long turn) implements EntityAction {}

    /** Nothing is known any more: make sure of the fence, load the key, and say {@link EntityLog#loaded}. */
    record Load() implements EntityAction {}
}
