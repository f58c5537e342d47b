package dev.berth.core.entity;

import dev.berth.core.session.FeedItem;
import dev.berth.core.session.FeedLog;
import dev.berth.core.session.SessionLimits;
import dev.berth.core.wire.Field;
import java.util.List;

/** The history of one of an entity's feeds, as a snapshot has it. Any thread. */
public record FeedKept(
        @Field(value = 1, max = SessionLimits.NAME_MAX) String feed,
        @Field(2) long first,
        @Field(value = 3, max = SessionLimits.HISTORY_MAX) List<FeedItem> items) {
    public FeedKept {
        items = List.copyOf(items);
    }

    static FeedKept of(String feed, FeedLog history) {
        return new FeedKept(feed, history.first(), history.items());
    }

    FeedLog history() {
        return FeedLog.of(first, items);
    }
}
