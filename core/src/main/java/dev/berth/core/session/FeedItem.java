package dev.berth.core.session;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Field;

/** One thing that a feed tells. Any thread. */
public record FeedItem(
        @Field(value = 1, max = SessionLimits.NAME_MAX) String type,
        @Field(value = 2, max = SessionLimits.ITEM_MAX) Bytes body) {
    public FeedItem {
        Bounds.name("the type of an item", type);
        Bounds.bytes("an item", body, SessionLimits.ITEM_MAX);
    }

    public int weight() {
        return type.length() + body.length();
    }
}
