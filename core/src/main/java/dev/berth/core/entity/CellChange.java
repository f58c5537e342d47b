package dev.berth.core.entity;

import dev.berth.core.wire.Field;
import java.util.List;

/** How one state of an entity has changed; a new one was without bytes before. Any thread. */
public record CellChange(
        @Field(value = 1, max = EntityLimits.NAME_MAX) String name,
        @Field(value = 2, max = Splice.PLACES_MAX) List<Splice> splices) {
    public CellChange {
        splices = List.copyOf(splices);
    }
}
