package dev.berth.core.session;

import dev.berth.core.wire.Codec;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Limits;
import java.util.List;

/**
 * A piece of a history. Any thread.
 *
 * @param first the position of the first item, or of the next one there will be if there are none; what lies between the
 *     position asked for and it is gone
 * @param last of the whole history
 */
public record FeedPage(
        @Field(1) long first,
        @Field(value = 2, max = SessionLimits.PAGE_MAX) List<FeedItem> items,
        @Field(3) long last) {
    public static final Codec<FeedPage> CODEC = Codec.of(FeedPage.class);
    public static final Limits LIMITS = new Limits(1 << 16, 512, 4);

    public FeedPage {
        Bounds.positive("a position", first);
        if (last < 0 || items.size() - 1 > last - first) {
            throw new IllegalArgumentException(
                    "a page of " + items.size() + " items from " + first + " goes beyond its history's last, " + last);
        }
        items = List.copyOf(items);
    }
}
