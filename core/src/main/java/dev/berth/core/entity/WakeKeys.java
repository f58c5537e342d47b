package dev.berth.core.entity;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.DurableCodec;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Limits;
import java.util.List;

/**
 * Which entities of a slot have timers or messages that outlive their owner, as the store has it: a snapshot has all, a delta what
 * has come and what has gone. Any thread.
 */
public record WakeKeys(
        @Field(value = 1, max = KEYS_MAX) List<Bytes> come,
        @Field(value = 2, max = KEYS_MAX) List<Bytes> gone) {
    public static final int KEYS_MAX = 20_000;

    public static final DurableCodec<WakeKeys> CODEC =
            new DurableCodec<>(WakeKeys.class, 1, new Limits(1 << 20, 2 * KEYS_MAX, 4));

    /** Under which the store has them; no entity has such a key, since no contract is called nothing. */
    public static final Bytes KEY = Bytes.utf8("\0wake");

    /** Most bytes of all keys together, so that a snapshot always fits. */
    public static final int BYTES_MAX = 800 << 10;

    public WakeKeys {
        come = List.copyOf(come);
        gone = List.copyOf(gone);
    }
}
