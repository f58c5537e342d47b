package dev.berth.node.entity;

import dev.berth.core.call.OperationId;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.cluster.Buckets;
import dev.berth.core.cluster.Grant;
import dev.berth.core.entity.EntityCall;
import dev.berth.core.entity.Parcel;
import dev.berth.core.session.FeedItem;
import dev.berth.core.session.SessionLimits;
import dev.berth.node.plane.Work;
import dev.berth.node.worker.Acting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One message that an entity handles: what it has changed so far and what it wants to tell. One thread, until it has ended. */
final class Turn implements Acting {
    private final EntityHost host;
    private final @Nullable Work work;
    private final @Nullable OperationId operation;
    private final boolean again;
    /** The cells that were set, each with its value before. */
    private final Map<Cell<?>, Runnable> undo = new LinkedHashMap<>();

    private final List<Runnable> later = new ArrayList<>();
    /** Timers that were set, and null for those that are taken back. */
    private final Map<String, @Nullable Long> alarms = new LinkedHashMap<>();

    private final List<Parcel> parcels = new ArrayList<>();
    private final List<Long> arrived = new ArrayList<>();
    private final SortedMap<String, List<FeedItem>> told = new TreeMap<>();
    private boolean hardens;
    private int calls;
    /** What its calls follow from: its own operation, if nothing else is said. */
    private @Nullable OperationId cause;

    private boolean causeAgain;

    /** @param again whether an earlier attempt of the operation may have run, and called whom it calls */
    Turn(EntityHost host, @Nullable Work work, @Nullable OperationId operation, boolean again) {
        this.host = host;
        this.work = work;
        this.operation = operation;
        this.again = again;
        this.cause = operation;
        this.causeAgain = again;
    }

    /** The one that this thread runs; null outside of entities. */
    static @Nullable Turn current() {
        return CURRENT.isBound() && CURRENT.get() instanceof Turn turn ? turn : null;
    }

    EntityHost host() {
        return host;
    }

    @Nullable
    OperationId operation() {
        return operation;
    }

    @Override
    public Grant grant() {
        return host.slot().grant();
    }

    @Override
    public @Nullable Work atHand() {
        return work;
    }

    /** A cell is about to be set. */
    void sets(Cell<?> cell, Runnable back) {
        undo.putIfAbsent(cell, back);
    }

    /** Leaves when all that the turn has seen and changed is durable, or never. */
    void later(Runnable effect) {
        if (later.size() == EntityHost.EFFECTS_MAX) {
            throw new IllegalStateException("one method sends at most " + EntityHost.EFFECTS_MAX + " messages");
        }
        later.add(effect);
    }

    void alarm(String name, @Nullable Long dueMillis) {
        alarms.put(name, dueMillis);
    }

    /** It is to arrive, once, when the turn is durable. */
    void deliver(EntityCall call) {
        parcels.add(new Parcel(host.log().nextParcel() + parcels.size(), call));
    }

    List<Parcel> parcels() {
        return parcels;
    }

    /** That message needs no more care when the turn is durable. */
    void arrived(long parcel) {
        arrived.add(parcel);
    }

    List<Long> arrived() {
        return arrived;
    }

    /** In one of its feeds, at the position that follows. */
    void tell(String feed, FeedItem item) {
        List<FeedItem> items = told.computeIfAbsent(feed, _ -> new ArrayList<>());
        if (items.size() == SessionLimits.HISTORY_MAX) {
            throw new IllegalStateException(
                    "one method tells at most " + SessionLimits.HISTORY_MAX + " items of a feed");
        }
        items.add(item);
    }

    int told(String feed) {
        List<FeedItem> items = told.get(feed);
        return items == null ? 0 : items.size();
    }

    SortedMap<String, List<FeedItem>> told() {
        return told;
    }

    Map<String, @Nullable Long> alarms() {
        return alarms;
    }

    List<Runnable> effects() {
        return later;
    }

    /** What is soft becomes durable with this turn. */
    void harden() {
        hardens = true;
    }

    boolean hardens() {
        return hardens;
    }

    Iterable<Cell<?>> cells() {
        return undo.keySet();
    }

    void rollBack() {
        undo.values().forEach(Runnable::run);
    }

    /** From here on its calls follow from that operation, in whatever turn that is tried: see {@link Backstage#causedBy}. */
    void causedBy(OperationId other, boolean tried) {
        cause = other;
        causeAgain = tried;
    }

    /** Whether an earlier attempt of its own operation may have run. */
    boolean isSecond() {
        return again;
    }

    /** Before it calls somebody: the id of that call, the same if this turn is run again; null if it has none itself. */
    @Nullable
    OperationId nextCall() {
        if (!undo.isEmpty() || !alarms.isEmpty() || !parcels.isEmpty() || !told.isEmpty()) {
            throw new IllegalStateException(
                    "a method of " + host + " calls another entity after it has set a state; if this owner died now,"
                            + " the one would have happened and not the other. Call first and then set,"
                            + " or send it a message (Context.deliver)");
        }
        host.awaitDurable();
        calls++;
        return cause == null
                ? null
                : new OperationId(
                        Buckets.hash(cause.client() ^ Buckets.hash(host.chainLink() + calls)), cause.counter());
    }

    /** Whether its calls may have been made before. */
    boolean isAgain() {
        return causeAgain && cause != null;
    }

    boolean hasCalled() {
        return calls > 0;
    }

    /** Who waits for what this turn calls. */
    List<Long> chain() {
        List<Long> chain = new ArrayList<>(
                work == null ? List.of() : work.dispatch().call().chain());
        chain.add(host.chainLink());
        if (chain.size() > PeerMessage.CHAIN_MAX) {
            throw new IllegalStateException("more than " + PeerMessage.CHAIN_MAX
                    + " entities wait for one another, the last one is " + host
                    + ": deliver a message instead (Context.deliver)");
        }
        return chain;
    }
}
