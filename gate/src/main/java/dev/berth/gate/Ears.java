package dev.berth.gate;

import dev.berth.core.PublicApi;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.record.RecordBook;
import dev.berth.core.session.FeedItem;
import dev.berth.core.session.Hearing;
import dev.berth.core.session.Place;
import dev.berth.core.session.Telling;
import dev.berth.core.wire.WireException;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.entity.Requests;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.worker.Node;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

// To an entity that tells, a node with ears is one more gate: one message for all who hear there, a page for each who
// begins, and doubts when the slot has another owner. What differs is that no session says who may hear what: whoever
// asks for an ear is trusted.

/**
 * Hears entities' feeds at a node, for whoever has no session: a gate whose clients speak a protocol of their own. Any thread.
 *
 * {@snippet :
 * Ears ears = Ears.at(node, app);
 * Ear ear = ears.hear(client, Table.class, 17L, "table", Ears.FROM_NOW, (position, said) -> client.send(packet(said)));
 * }
 */
@PublicApi
public final class Ears implements AutoCloseable {
    /** From what is told next. */
    public static final long FROM_NOW = Hearing.FROM_NOW;

    /** What is heard: each item once, in their order, on the loop of the client that hears. */
    @PublicApi
    @FunctionalInterface
    public interface Listener {
        void told(long position, Record item);

        /** These positions are gone for good, the history being bounded; what comes next is behind them. */
        default void lost(long from, long upTo) {}
    }

    /** What was decoded last: the same item is for many. */
    private record Decoded(FeedItem item, Record said) {}

    private final Requests requests;
    private final RecordBook book;
    private final Map<Integer, Ear> ears = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Node node;
    private final ProcessRef<Object> hub;
    private final Doubts doubts;
    private volatile @Nullable Decoded last;

    private Ears(Node node, Entities app) {
        this.node = node;
        this.requests = new Requests(app, node);
        this.book = app.messages();
        this.hub = node.processes().spawn(_ -> new Hub(new All()));
        this.doubts = Doubts.at(node, this::doubt);
    }

    /** At a node that has the application's records ({@code NodeConfig.withMessages}). */
    public static Ears at(Node node, Entities app) {
        return new Ears(node, app);
    }

    /**
     * Hears a feed from a position on, until the ear is closed; so it must be before its client is gone for good.
     *
     * @param feed its name, as in {@code me.feed(name)}
     * @param from the first position that is wanted, or {@link #FROM_NOW}
     * @param listener must not wait
     */
    public <K, E extends Entity<K>> Ear hear(
            Client client, Class<E> contract, K key, String feed, long from, Listener listener) {
        return hear(Turns.of(client), contract, key, feed, from, listener);
    }

    /**
     * The same for somebody without a connection.
     *
     * @param thread a single one, on which the listener is called
     */
    public <K, E extends Entity<K>> Ear hear(
            ScheduledExecutorService thread, Class<E> contract, K key, String feed, long from, Listener listener) {
        return hear(Turns.of(thread), contract, key, feed, from, listener);
    }

    private <K, E extends Entity<K>> Ear hear(
            Turns turns, Class<E> contract, K key, String feed, long from, Listener listener) {
        int number = numbers.incrementAndGet();
        Ear ear = new Ear(this, number, requests.origin(contract, key), feed, from, turns, listener);
        ears.put(number, ear);
        ear.begin();
        return ear;
    }

    // ---- What they hear

    private final class All implements Hub.Hearers {
        @Override
        public void told(Telling telling, Place place) {
            Ear ear = ears.get(place.feed());
            if (ear == null) {
                requests.unheard(telling.origin(), place);
            } else {
                ear.told(telling.position(), telling.item());
            }
        }

        @Override
        public void missed() {
            doubt(_ -> true);
        }
    }

    private void doubt(Predicate<SlotId> which) {
        for (Ear ear : ears.values()) {
            if (requests.slot(ear.origin()).filter(which).isPresent()) {
                ear.doubt(Doubts.inMillis());
            }
        }
    }

    // ---- For its ears

    Requests requests() {
        return requests;
    }

    long address() {
        return hub.address().value();
    }

    Record said(FeedItem item) {
        Decoded before = last;
        if (before != null && before.item.equals(item)) {
            return before.said;
        }
        try {
            Record said = (Record) book.read(item.body());
            last = new Decoded(item, said);
            return said;
        } catch (WireException unreadable) {
            throw new IllegalStateException(
                    "the entity has another build: " + item.type() + ": " + unreadable.getMessage(), unreadable);
        }
    }

    void closed(Ear ear) {
        if (ears.remove(ear.number(), ear)) {
            requests.unheard(ear.origin(), new Place(address(), ear.number()));
        }
    }

    /** How many hear. */
    public int count() {
        return ears.size();
    }

    @Override
    public void close() {
        doubts.close();
        ears.values().forEach(Ear::close);
        node.processes().stop(hub, "nobody hears here any more");
    }
}
