package dev.berth.core.session;

import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

// A table tells something every second, and a node has tens of thousands of tables with 256 items each: as objects they
// would be most of its memory. So they lie behind each other as bytes, and one more is written behind the others into
// the array that the former history has too, which sees only its own part of it.

/**
 * A {@link FeedHistory} of which a node has very many, in few bytes. An entity that keeps it durable keeps the feed's promise: an item is
 * told only when its position is durable. Immutable, and any thread reads it; of those that go on from one another, one thread at a time goes on.
 */
public final class FeedLog {
    public static final FeedLog EMPTY = new FeedLog(1, new Shelf(new byte[0]), 0, 0, 0, 0);

    private final long first;
    private final Shelf shelf;
    private final int begin;
    private final int end;
    private final int size;
    private final int weight;

    private FeedLog(long first, Shelf shelf, int begin, int end, int size, int weight) {
        this.first = first;
        this.shelf = shelf;
        this.begin = begin;
        this.end = end;
        this.size = size;
        this.weight = weight;
    }

    public static FeedLog of(long first, List<FeedItem> items) {
        Bounds.positive("a position", first);
        FeedLog history = new FeedLog(first, EMPTY.shelf, 0, 0, 0, 0);
        for (FeedItem item : items) {
            history = history.with(item);
        }
        return history;
    }

    public long first() {
        return first;
    }

    public int size() {
        return size;
    }

    /** All of them, made anew. */
    public List<FeedItem> items() {
        List<FeedItem> items = new ArrayList<>(size);
        for (int at = begin; at < end; at = shelf.behind(at)) {
            items.add(shelf.item(at));
        }
        return items;
    }

    /** The newest position; 0 before the first. */
    public long last() {
        return first + size - 1;
    }

    /** Bytes of its items. */
    public int weight() {
        return weight;
    }

    /** With one more item at the next position; the oldest go when there are too many. */
    public FeedLog and(FeedItem item) {
        FeedLog left = this;
        while (left.size >= SessionLimits.HISTORY_MAX
                || left.weight + item.weight() > SessionLimits.HISTORY_BYTES_MAX) {
            left = left.after(left.first);
        }
        return left.with(item);
    }

    private FeedLog with(FeedItem item) {
        Shelf there = shelf;
        int from = begin;
        int to = there.put(end, item);
        if (to < 0) {
            from = 0;
            there = there.copy(begin, end, Shelf.room(item));
            to = there.put(end - begin, item);
        }
        return new FeedLog(first, there, from, to, size + 1, weight + item.weight());
    }

    /** Without what is not needed any more, up to this position. */
    public FeedLog after(long upTo) {
        int gone = Math.clamp(upTo - first + 1, 0, size);
        int at = begin;
        int lighter = 0;
        for (int i = 0; i < gone; i++) {
            lighter += shelf.weight(at);
            at = shelf.behind(at);
        }
        return gone == 0 ? this : new FeedLog(first + gone, shelf, at, end, size - gone, weight - lighter);
    }

    /** As much as fits into a page. */
    public FeedPage read(long from) {
        FeedLog rest = after(from - 1);
        List<FeedItem> items = new ArrayList<>();
        int bytes = 0;
        for (int at = rest.begin; at < end && items.size() < SessionLimits.PAGE_MAX; at = shelf.behind(at)) {
            bytes += shelf.weight(at);
            if (bytes > SessionLimits.PAGE_BYTES_MAX && !items.isEmpty()) {
                break;
            }
            items.add(shelf.item(at));
        }
        return new FeedPage(rest.first, items, last());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FeedLog that && first == that.first && items().equals(that.items());
    }

    @Override
    public int hashCode() {
        return Objects.hash(first, items());
    }

    @Override
    public String toString() {
        return "FeedLog[first=" + first + ", items=" + items() + "]";
    }

    /** Bytes that histories share of which one goes on from the other: which type, how long, and the body, each item. */
    private static final class Shelf {
        private static final int HEADER = 1 + 2;
        private static final int TYPES_MAX = 256;

        private final byte[] bytes;
        /** What is before never changes. */
        private int used;
        /** A new array with each new type. */
        private String[] types = {};

        Shelf(byte[] bytes) {
            this.bytes = bytes;
        }

        static int room(FeedItem item) {
            return HEADER + item.body().length();
        }

        /** Where it ends; negative if there is no room, or another history has gone on from here. */
        int put(int at, FeedItem item) {
            int type = at == used && bytes.length - at >= room(item) ? type(item.type()) : -1;
            if (type < 0) {
                return -1;
            }
            int length = item.body().length();
            bytes[used++] = (byte) type;
            bytes[used++] = (byte) length;
            bytes[used++] = (byte) (length >> 8);
            item.body().copyTo(bytes, used);
            used += length;
            return used;
        }

        private int type(String name) {
            String[] known = types;
            int at = Arrays.asList(known).indexOf(name);
            if (at < 0 && known.length < TYPES_MAX) {
                at = known.length;
                String[] more = Arrays.copyOf(known, at + 1);
                more[at] = name;
                types = more;
            }
            return at;
        }

        /** Of its own, and with room for as much again as there is, within bounds. */
        Shelf copy(int from, int to, int more) {
            int length = to - from;
            Shelf copy = new Shelf(new byte[length + more + Math.max(more, length / 4)]);
            if (types.length < TYPES_MAX / 2) {
                System.arraycopy(bytes, from, copy.bytes, 0, length);
                copy.used = length;
                copy.types = types;
            } else {
                // Types of which nothing is there any more are left behind.
                for (int at = from; at < to; at = behind(at)) {
                    copy.put(at - from, item(at));
                }
            }
            return copy;
        }

        private int length(int at) {
            return (bytes[at + 1] & 0xff) | ((bytes[at + 2] & 0xff) << 8);
        }

        private String type(int at) {
            return types[bytes[at] & 0xff];
        }

        int weight(int at) {
            return type(at).length() + length(at);
        }

        int behind(int at) {
            return at + HEADER + length(at);
        }

        FeedItem item(int at) {
            int start = at + HEADER;
            return new FeedItem(type(at), Bytes.wrap(Arrays.copyOfRange(bytes, start, start + length(at))));
        }
    }
}
