package dev.berth.core.session;

import dev.berth.core.machine.Outbox;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

// A cursor without a session: nobody has said which feeds there are or where they begin, so who begins with what is
// told next has to ask what that is.

/** How far somebody is in one feed who has no session: a server that hears for clients who speak another protocol. One thread. */
public final class Hearing {
    /** From what is told next. */
    public static final long FROM_NOW = Long.MAX_VALUE;

    /** What is heard: each position once, in their order. */
    public sealed interface News {
        record Told(long position, FeedItem item) implements News {}

        /** These are gone; the next that comes is the one behind them. */
        record Lost(long from, long upTo) implements News {}
    }

    private Cursor cursor;
    /** Whether nobody has said yet where now is. */
    private boolean begins;

    private boolean doubted;
    /** The newest that was told while it begins. */
    private News.@Nullable Told early;

    /** @param from the first position that is wanted, or {@link #FROM_NOW} */
    public Hearing(long from) {
        cursor = cursor(from);
        begins = from == FROM_NOW;
    }

    private static Cursor cursor(long first) {
        return new Cursor(heard(first));
    }

    private static Feeds.Heard heard(long first) {
        return new Feeds.Heard(Feeds.PERSONAL, "", first, Feeds.UNKNOWN);
    }

    public void told(long position, FeedItem item, Outbox<News> out) {
        if (!begins) {
            cursor.told(position, item, action -> news(action, out));
        } else if (early == null || early.position() < position) {
            early = new News.Told(position, item);
        }
    }

    /** What was asked for. */
    public void page(long nowNanos, FeedPage page, Outbox<News> out) {
        boolean first = begins;
        if (first) {
            cursor = cursor(page.first());
            begins = false;
        }
        cursor.page(nowNanos, page, action -> news(action, out));
        if (first && early != null) {
            told(early.position(), early.item(), out);
            early = null;
        }
        if (first && doubted) {
            doubt();
        }
    }

    /** It was not answered. */
    public void unread(long nowNanos, int retryMillis) {
        cursor.unread(nowNanos, retryMillis);
    }

    /** Something may have been missed of which nobody will speak. */
    public void doubt() {
        doubted = begins;
        cursor.stands(heard(1), _ -> {});
    }

    /** The position from which to ask for a page now; empty if none is to be asked for. */
    public OptionalLong next(long nowNanos) {
        Optional<ClientMessage.Read> read = cursor.next(nowNanos);
        return read.isPresent() ? OptionalLong.of(read.get().from()) : OptionalLong.empty();
    }

    /** When to look at {@link #next} again; {@link dev.berth.core.machine.Machine#NEVER} if only what happens changes it. */
    public long nextWakeNanos() {
        return cursor.nextWakeNanos();
    }

    private static void news(ClientAction action, Outbox<News> out) {
        switch (action) {
            case ClientAction.Told told -> out.add(new News.Told(told.position(), told.item()));
            case ClientAction.Lost lost -> out.add(new News.Lost(lost.from(), lost.upTo()));
            default -> throw new IllegalStateException("a cursor does not " + action);
        }
    }
}
