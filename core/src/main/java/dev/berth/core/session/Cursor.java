package dev.berth.core.session;

import dev.berth.core.machine.Machine;
import dev.berth.core.machine.Outbox;
import dev.berth.core.session.ClientMessage.Read;
import java.util.Optional;

// What is told and does not fit is not kept: it is read again, in order, from where it is durable. So a client needs no
// buffer, and there is one way in which a gap is closed.

/** How far a client is in one feed. One thread. */
class Cursor {
    private static final long NO_PROGRESS_NANOS = 1_000_000_000L;

    private final int number;
    private final String name;
    /** All up to it has been told, or was said to be lost. */
    private long position;
    /** The newest position that is known to be. */
    private long newest;
    /** Whether nothing may be missing that nobody has spoken of. */
    private boolean sure;

    private boolean reads;
    /** Whether what is being read may have been written down before the doubt arose. */
    private boolean readsAgain;

    private long retryAtNanos = Machine.NEVER;

    Cursor(Feeds.Heard feed) {
        number = feed.number();
        name = feed.name();
        position = feed.first() - 1;
    }

    long position() {
        return position;
    }

    /** A new connection: what was asked on the old one is not answered. */
    void reconnect() {
        reads = false;
        readsAgain = false;
        retryAtNanos = Machine.NEVER;
    }

    /** The session says how its feed stands. */
    void stands(Feeds.Heard feed, Outbox<ClientAction> out) {
        skipTo(feed.first(), out);
        newest = Math.max(newest, feed.last());
        sure = feed.last() != Feeds.UNKNOWN;
        readsAgain |= reads && !sure;
    }

    void told(long at, FeedItem item, Outbox<ClientAction> out) {
        newest = Math.max(newest, at);
        if (fits(at, position)) {
            position = at;
            out.add(new ClientAction.Told(number, name, at, item));
        }
    }

    /** Safety: each position once, and none before the one that it follows. */
    protected boolean fits(long at, long behind) {
        return at == behind + 1;
    }

    void page(long nowNanos, FeedPage page, Outbox<ClientAction> out) {
        long before = position;
        reads = false;
        sure = !readsAgain;
        readsAgain = false;
        skipTo(page.first(), out);
        long at = page.first();
        for (FeedItem item : page.items()) {
            told(at++, item, out);
        }
        newest = Math.max(newest, page.last());
        if (position == before && position < newest) {
            // A history that has less than was told: its owner is not there yet.
            retryAtNanos = nowNanos + NO_PROGRESS_NANOS;
        }
    }

    void unread(long nowNanos, int retryMillis) {
        reads = false;
        sure = false;
        retryAtNanos = nowNanos + Math.max(1, retryMillis) * 1_000_000L;
    }

    private void skipTo(long first, Outbox<ClientAction> out) {
        if (first > position + 1) {
            out.add(new ClientAction.Lost(number, name, position + 1, first - 1));
            position = first - 1;
        }
    }

    /** What is to be asked now, if anything. */
    Optional<Read> next(long nowNanos) {
        if (!wants() || nowNanos < retry()) {
            return Optional.empty();
        }
        reads = true;
        retryAtNanos = Machine.NEVER;
        return Optional.of(new Read(number, position + 1));
    }

    private boolean wants() {
        return !reads && (!sure || isBehind(position, newest));
    }

    /** Liveness: a gap is read. */
    protected boolean isBehind(long here, long there) {
        return here < there;
    }

    private long retry() {
        return retryAtNanos == Machine.NEVER ? Long.MIN_VALUE : retryAtNanos;
    }

    long nextWakeNanos() {
        return wants() ? retryAtNanos : Machine.NEVER;
    }
}
