package dev.berth.node.entity;

import dev.berth.core.entity.WakeKeys;
import dev.berth.core.store.StoreLimits;
import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StoreOutcome;
import dev.berth.core.store.StorePiece;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

// An entity whose owner has died is in nobody's memory, and somebody must know that it has a timer, or a message that
// has not arrived. So before it has its first one its key is written down here; it is struck out when the entity has
// none any more and leaves the memory. A key too many costs a loading, one too few would be a timer that never rings.

/** The keys of a slot whose entities a new owner brings into memory by himself. Any thread; methods wait for the store. */
final class WakeBook {
    private static final int DELTAS_MAX = StoreLimits.DELTAS_MAX / 2;

    private final EntitySlot slot;
    /** Completed when whoever came last has done his. */
    private final AtomicReference<CompletableFuture<Boolean>> last =
            new AtomicReference<>(CompletableFuture.completedFuture(true));

    private final Set<Bytes> keys = new LinkedHashSet<>();
    private long bytes;
    private long version;
    private int deltas;

    WakeBook(EntitySlot slot) {
        this.slot = slot;
    }

    /** All that are written down. */
    List<Bytes> load() throws InterruptedException, WireException {
        return inTurn(this::reload);
    }

    private List<Bytes> reload() throws InterruptedException, WireException {
        keys.clear();
        bytes = 0;
        version = 0;
        deltas = 0;
        for (StorePiece piece : slot.load(WakeKeys.KEY)) {
            switch (piece) {
                case StorePiece.State all ->
                    read(WakeKeys.CODEC.decode(all.state().toArray()));
                case StorePiece.Delta delta -> {
                    read(WakeKeys.CODEC.decode(delta.delta().toArray()));
                    deltas++;
                }
            }
            version = piece.version();
        }
        return new ArrayList<>(keys);
    }

    private interface Errand<T> {
        T run() throws InterruptedException, WireException;
    }

    /** One after the other, each with its waiting for the store. */
    private <T> T inTurn(Errand<T> errand) throws InterruptedException, WireException {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> before = last.getAndSet(mine);
        try {
            slot.ground().await(before, Long.MAX_VALUE);
            return errand.run();
        } catch (TimeoutException never) {
            throw new IllegalStateException(never);
        } finally {
            var _ = before.whenComplete((_, _) -> mine.complete(true));
        }
    }

    private void read(WakeKeys change) {
        change.come().forEach(key -> bytes += keys.add(key) ? key.length() : 0);
        change.gone().forEach(key -> bytes -= keys.remove(key) ? key.length() : 0);
    }

    /** Durable when this returns. */
    void add(Bytes key) throws InterruptedException, WireException {
        inTurn(() -> write(key, true));
    }

    void remove(Bytes key) throws InterruptedException, WireException {
        inTurn(() -> write(key, false));
    }

    private boolean write(Bytes key, boolean comes) throws InterruptedException, WireException {
        while (keys.contains(key) != comes) {
            if (comes && (keys.size() == WakeKeys.KEYS_MAX || bytes + key.length() > WakeKeys.BYTES_MAX)) {
                throw new IllegalStateException("at most " + WakeKeys.KEYS_MAX
                        + " entities of one bucket have timers or messages under way: plan more buckets, or let one"
                        + " entity's timer stand for many");
            }
            WakeKeys change = comes ? new WakeKeys(List.of(key), List.of()) : new WakeKeys(List.of(), List.of(key));
            if (!isWritten(change)) {
                // What the store has is what is so.
                reload();
            }
        }
        return comes;
    }

    private boolean isWritten(WakeKeys change) throws InterruptedException {
        boolean whole = deltas >= DELTAS_MAX;
        read(change);
        CompletableFuture<StoreOutcome<Written>> write = whole
                ? slot.vault()
                        .snapshot(
                                WakeKeys.KEY,
                                version,
                                Bytes.wrap(WakeKeys.CODEC.encode(new WakeKeys(List.copyOf(keys), List.of()))))
                : slot.vault().append(WakeKeys.KEY, version, Bytes.wrap(WakeKeys.CODEC.encode(change)));
        try {
            if (slot.ground().await(write, Entities.PATIENCE.toNanos())
                    instanceof StoreOutcome.Done<Written>(Written done)) {
                version = done.version();
                deltas = whole ? 0 : deltas + 1;
                return true;
            }
            return false;
        } catch (TimeoutException silent) {
            return false;
        }
    }
}
