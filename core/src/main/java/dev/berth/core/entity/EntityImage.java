package dev.berth.core.entity;

import dev.berth.core.wire.DurableCodec;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Limits;
import java.util.List;

/** An entity as a snapshot in the store has it. Any thread. */
public record EntityImage(
        @Field(value = 1, max = EntityLimits.CELLS_MAX) List<Cell> cells,
        @Field(value = 2, max = EntityLimits.ANSWERS_MAX) List<Remembered> answers,
        @Field(value = 3, max = EntityLimits.CLIENTS_MAX) List<Forgotten> forgotten,
        @Field(4) boolean clientsForgotten,
        @Field(value = 5, max = EntityLimits.ALARMS_MAX) List<Alarm> alarms,
        @Field(6) long alarmsSet,
        @Field(value = 7, max = EntityLimits.PARCELS_MAX) List<Parcel> parcels,
        @Field(8) long parcelsSent,
        @Field(value = 9, max = EntityLimits.FEEDS_MAX) List<FeedKept> feeds) {
    public static final DurableCodec<EntityImage> CODEC =
            new DurableCodec<>(EntityImage.class, 1, new Limits(1 << 20, 100_000, 8));

    public EntityImage {
        cells = List.copyOf(cells);
        answers = List.copyOf(answers);
        forgotten = List.copyOf(forgotten);
        alarms = List.copyOf(alarms);
        parcels = List.copyOf(parcels);
        feeds = List.copyOf(feeds);
    }
}
