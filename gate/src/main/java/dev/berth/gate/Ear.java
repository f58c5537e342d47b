package dev.berth.gate;

import dev.berth.core.PublicApi;
import dev.berth.core.call.Outcome;
import dev.berth.core.machine.Machine;
import dev.berth.core.session.FeedItem;
import dev.berth.core.session.FeedPage;
import dev.berth.core.session.FeedRead;
import dev.berth.core.session.Hearing;
import dev.berth.core.session.Hearing.News;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** One who hears one feed, at {@link Ears}. Any thread. */
@PublicApi
public final class Ear implements AutoCloseable {
    private static final int RETRY_MILLIS = 500;

    private final Ears ears;
    private final int number;
    private final String origin;
    private final String feed;
    private final Turns turns;
    private final Ears.Listener listener;
    private final AtomicBoolean doubted = new AtomicBoolean();
    private volatile boolean closed;

    // ---- In its turns only
    private final Hearing hearing;
    private long alarmNanos = Machine.NEVER;

    Ear(Ears ears, int number, String origin, String feed, long from, Turns turns, Ears.Listener listener) {
        this.ears = ears;
        this.number = number;
        this.origin = origin;
        this.feed = feed;
        this.turns = turns;
        this.listener = listener;
        this.hearing = new Hearing(from);
    }

    int number() {
        return number;
    }

    String origin() {
        return origin;
    }

    void begin() {
        turns.run(0, this::ask);
    }

    void told(long position, FeedItem item) {
        turns.run(item.body().length(), () -> {
            if (!closed) {
                hearing.told(position, item, this::news);
                ask();
            }
        });
    }

    /** One doubt is enough for all that arise before it is asked. */
    void doubt(int inMillis) {
        if (doubted.compareAndSet(false, true)) {
            turns.after(inMillis, () -> {
                doubted.set(false);
                hearing.doubt();
                ask();
            });
        }
    }

    private void ask() {
        OptionalLong from = closed ? OptionalLong.empty() : hearing.next(System.nanoTime());
        if (from.isPresent()) {
            ears.requests()
                    .read(
                            origin,
                            number,
                            new FeedRead(
                                    feed,
                                    from.getAsLong(),
                                    ears.address() + ":" + number,
                                    0,
                                    ears.address(),
                                    ears.address(),
                                    number),
                            outcome -> turns.run(0, () -> read(outcome)));
        }
        rearm();
    }

    private void read(Outcome<FeedPage> outcome) {
        if (outcome instanceof Outcome.Done<FeedPage>(FeedPage page)) {
            hearing.page(System.nanoTime(), page, this::news);
        } else {
            hearing.unread(System.nanoTime(), RETRY_MILLIS);
        }
        ask();
    }

    private void rearm() {
        long next = hearing.nextWakeNanos();
        if (next == Machine.NEVER || next >= alarmNanos || closed) {
            return;
        }
        alarmNanos = next;
        long millis = TimeUnit.NANOSECONDS.toMillis(next - System.nanoTime()) + 1;
        turns.after(Math.clamp(millis, 1, Integer.MAX_VALUE), () -> {
            alarmNanos = Machine.NEVER;
            ask();
        });
    }

    private void news(News news) {
        if (closed) {
            return;
        }
        switch (news) {
            case News.Told(long position, FeedItem item) -> listener.told(position, ears.said(item));
            case News.Lost(long from, long upTo) -> listener.lost(from, upTo);
        }
    }

    /** Hears nothing more. */
    @Override
    public void close() {
        closed = true;
        ears.closed(this);
    }
}
