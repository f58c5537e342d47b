package dev.berth.core.entity;

import dev.berth.core.session.FeedItem;
import dev.berth.core.wire.Bytes;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a turn wants changed. Any thread.
 *
 * @param cells the new values of those that have changed, by name
 * @param operation what caused it, with its answer; null if nobody will ask again
 * @param set timers, also those that replace one of their name
 * @param unset names of timers that are no more; before {@code set}
 * @param parcels messages that are to arrive, numbered from {@link EntityLog#nextParcel}
 * @param arrived numbers of those that have
 * @param told in its feeds, by their names
 */
public record Change(
        SortedMap<String, Bytes> cells,
        @Nullable Remembered operation,
        List<Alarm> set,
        List<String> unset,
        List<Parcel> parcels,
        List<Long> arrived,
        SortedMap<String, List<FeedItem>> told) {
    /** Of states alone. */
    public static Change of(SortedMap<String, Bytes> cells, @Nullable Remembered operation) {
        return new Change(cells, operation, List.of(), List.of(), List.of(), List.of(), new TreeMap<>());
    }
}
