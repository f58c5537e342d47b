package dev.berth.core.session;

import java.util.ArrayList;
import java.util.List;

/**
 * What a feed has told and still has: positions from {@code first} on, without a gap. Whoever keeps it durable keeps the feed's
 * promise: an item is told only when its position is durable. Immutable; any thread.
 */
public record FeedHistory(long first, List<FeedItem> items) {
    public static final FeedHistory EMPTY = new FeedHistory(1, List.of());

    public FeedHistory {
        Bounds.positive("a position", first);
        items = List.copyOf(items);
    }

    /** The newest position; 0 before the first. */
    public long last() {
        return first + items.size() - 1;
    }

    /** Bytes of its items. */
    public int weight() {
        return items.stream().mapToInt(FeedItem::weight).sum();
    }

    /** With one more item at the next position; the oldest go when there are too many. */
    public FeedHistory and(FeedItem item) {
        List<FeedItem> all = new ArrayList<>(items);
        all.add(item);
        int bytes = weight() + item.weight();
        int gone = 0;
        while (all.size() - gone > SessionLimits.HISTORY_MAX || bytes > SessionLimits.HISTORY_BYTES_MAX) {
            bytes -= all.get(gone).weight();
            gone++;
        }
        return new FeedHistory(first + gone, all.subList(gone, all.size()));
    }

    /** Without what is not needed any more, up to this position. */
    public FeedHistory after(long upTo) {
        int gone = Math.clamp(upTo - first + 1, 0, items.size());
        return gone == 0 ? this : new FeedHistory(first + gone, items.subList(gone, items.size()));
    }

    /** As much as fits into a page. */
    public FeedPage read(long from) {
        int at = Math.clamp(from - first, 0, items.size());
        int end = at;
        int bytes = 0;
        while (end < items.size() && end - at < SessionLimits.PAGE_MAX) {
            bytes += items.get(end).weight();
            if (bytes > SessionLimits.PAGE_BYTES_MAX && end > at) {
                break;
            }
            end++;
        }
        return new FeedPage(first + at, items.subList(at, end), last());
    }
}
