package dev.berth.core.entity;

import dev.berth.core.session.FeedItem;
import dev.berth.core.session.SessionLimits;
import dev.berth.core.wire.Field;
import java.util.List;

/** What one turn has told in one of an entity's feeds, at the positions that follow. Any thread. */
public record FeedTold(
        @Field(value = 1, max = SessionLimits.NAME_MAX) String feed,
        @Field(value = 2, max = SessionLimits.HISTORY_MAX) List<FeedItem> items) {
    public FeedTold {
        items = List.copyOf(items);
    }
}
