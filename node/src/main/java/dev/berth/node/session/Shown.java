package dev.berth.node.session;

import dev.berth.core.record.RecordBook;
import dev.berth.core.session.ClientMessage.Page;
import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.session.ClientMessage.Told;
import dev.berth.core.session.FeedItem;
import dev.berth.core.session.FeedPage;
import dev.berth.core.session.SessionLimits;
import dev.berth.core.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

// What is told is saved with each item, so an entity may write it in few bytes; and who hears a feed need not see all
// of it. So the gate shows something else, which is made of the record alone, the same for everybody.

/** What clients are told in the place of what entities tell. Any thread. */
public final class Shown {
    private final RecordBook book;
    private final Function<Class<?>, String> names;
    /** By the wire name of what is kept. */
    private final Map<String, Function<Object, Record>> others;
    /** Many clients hear the same. */
    private volatile @Nullable Translated latest;

    private record Translated(FeedItem from, FeedItem to) {}

    Shown(RecordBook book, Function<Class<?>, String> names, Map<Class<?>, Function<Object, Record>> others) {
        this.book = book;
        this.names = names;
        this.others = others.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(each -> names.apply(each.getKey()), Map.Entry::getValue));
    }

    public ToClient said(ToClient message) {
        if (others.isEmpty()) {
            return message;
        }
        return switch (message) {
            case Told(int feed, long position, FeedItem item) -> new Told(feed, position, item(item));
            case Page(int feed, FeedPage page) -> new Page(feed, page(page, this::item));
            default -> message;
        };
    }

    /** Its beginning, if it has become too long: the client reads on from there. */
    static FeedPage page(FeedPage page, UnaryOperator<FeedItem> with) {
        List<FeedItem> items = new ArrayList<>();
        int bytes = 0;
        for (FeedItem item : page.items()) {
            FeedItem other = with.apply(item);
            bytes += other.type().length() + other.body().length();
            if (bytes > SessionLimits.PAGE_BYTES_MAX && !items.isEmpty()) {
                break;
            }
            items.add(other);
        }
        return new FeedPage(page.first(), items, page.last());
    }

    @SuppressWarnings("ReferenceEquality") // who tells many hands all of them the same one
    private FeedItem item(FeedItem item) {
        Function<Object, Record> other = others.get(item.type());
        if (other == null) {
            return item;
        }
        Translated known = latest;
        if (known != null && known.from == item) {
            return known.to;
        }
        FeedItem shown = shown(item, other);
        latest = new Translated(item, shown);
        return shown;
    }

    /** What this build cannot read it must not show: its clients go on to another gate. */
    private FeedItem shown(FeedItem item, Function<Object, Record> other) {
        try {
            Record shown = other.apply(book.read(item.body()));
            return new FeedItem(names.apply(shown.getClass()), book.write(shown));
        } catch (WireException unreadable) {
            throw new IllegalStateException(
                    "'" + item.type() + "' cannot be shown: " + unreadable.getMessage(), unreadable);
        }
    }
}
