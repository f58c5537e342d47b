package dev.berth.core.entity;

import dev.berth.core.wire.DurableCodec;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Limits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one turn has changed, as an append in the store has it. Any thread.
 *
 * @param operation what caused it, with its answer; null if nobody will ask again
 * @param set timers, also those that replace one of their name
 * @param unset names of timers that have rung or were taken back; before {@code set}
 * @param parcels messages that are to arrive
 * @param arrived numbers of those that have
 * @param told in its feeds
 */
public record EntityDelta(
        @Field(value = 1, max = EntityLimits.CELLS_MAX) List<CellChange> cells,
        @Field(2) @Nullable Remembered operation,
        @Field(value = 3, max = EntityLimits.ALARMS_MAX) List<Alarm> set,
        @Field(value = 4, max = EntityLimits.ALARMS_MAX) List<String> unset,
        @Field(value = 5, max = EntityLimits.PARCELS_MAX) List<Parcel> parcels,
        @Field(value = 6, max = EntityLimits.PARCELS_MAX) List<Long> arrived,
        @Field(value = 7, max = EntityLimits.FEEDS_MAX) List<FeedTold> told) {
    public static final DurableCodec<EntityDelta> CODEC =
            new DurableCodec<>(EntityDelta.class, 1, new Limits(1 << 20, 100_000, 8));

    public EntityDelta {
        cells = List.copyOf(cells);
        set = List.copyOf(set);
        unset = List.copyOf(unset);
        parcels = List.copyOf(parcels);
        arrived = List.copyOf(arrived);
        told = List.copyOf(told);
    }
}
