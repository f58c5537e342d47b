package dev.berth.node.entity;

import dev.berth.core.call.PeerMessage.Result;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.entity.Change;
import dev.berth.core.entity.EntityAction;
import dev.berth.core.entity.EntityImage;
import dev.berth.core.entity.EntityLog;
import dev.berth.core.entity.Remembered;
import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StoreOutcome;
import dev.berth.core.store.StorePiece;
import dev.berth.core.store.StoreRefusal;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import dev.berth.node.plane.Work;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

// The entity's process says how turns ended, and the store's answers come on its client's loop. Both speak to the log
// under this object's lock, and what the log wants is done there too, since nothing of it blocks: so writes leave in
// the order of their versions, and effects in the order of their turns.

/** The shell of core's {@link EntityLog}: carries writes to the store, and lets what turns tell leave. */
final class Commits {
    private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

    /**
     * What a turn wants to tell.
     *
     * @param work with {@code result}: who is answered; null for nobody
     * @param undone instead, if it turns out that the turn saw or changed what is not so; null if whoever asked is to ask again
     */
    record Told(
            @Nullable Work work,
            @Nullable Result result,
            List<Runnable> effects,
            @Nullable Runnable undone) {}

    private final EntitySlot slot;
    private final Bytes key;
    private final Runnable mustLoad;
    /** Completed when what a handler waits for is durable, or never will be. */
    private volatile @Nullable CompletableFuture<Boolean> barrier;

    // Guarded by this.
    private final EntityLog log;
    /** A map of its own only while there is something. */
    private Map<Long, Told> told = Map.of();

    private final ArrayDeque<EntityAction> toDo = new ArrayDeque<>(1);
    private long ended;
    private boolean doing;
    private boolean dropped;
    /** Why the store takes nothing, if asking again at once would not help; empty while it does. */
    private String full = "";

    /** @param mustLoad is called when a write was not done; must not block */
    Commits(EntitySlot slot, Bytes key, EntityLog log, Runnable mustLoad) {
        this.slot = slot;
        this.key = key;
        this.log = log;
        this.mustLoad = mustLoad;
    }

    synchronized boolean isOpen() {
        return log.isOpen();
    }

    /** Whether what is repeated had better wait a while. */
    synchronized boolean isFull() {
        return !full.isEmpty();
    }

    synchronized boolean isAtRest() {
        return log.isAtRest();
    }

    synchronized void loaded(List<StorePiece> pieces) throws WireException {
        try {
            log.loaded(pieces, toDo::add);
        } finally {
            doAll();
        }
    }

    /**
     * Tells it as soon as the change, and all that the turn has seen, is durable. An IllegalArgumentException says that the
     * change is more than an entity may have; then nothing has changed and nothing is told.
     */
    void end(Told what, @Nullable Change change) {
        ends(what, turn -> {
            if (change == null) {
                log.read(turn, toDo::add);
            } else {
                log.changed(turn, change, toDo::add);
            }
        });
    }

    /** The same for all that there is. */
    void replace(Told what, EntityImage image, Remembered operation) {
        ends(what, turn -> log.replaced(turn, image, operation, toDo::add));
    }

    private void ends(Told what, LongConsumer says) {
        slot.begins();
        synchronized (this) {
            if (dropped) {
                forget(what);
                return;
            }
            long turn = ++ended;
            if (told.isEmpty()) {
                told = new HashMap<>(2);
            }
            told.put(turn, what);
            try {
                says.accept(turn);
            } catch (IllegalArgumentException tooMuch) {
                take(turn);
                slot.ends();
                throw tooMuch;
            }
            doAll();
        }
    }

    /** Before it calls others: they must not know what may never have been. */
    void awaitDurable() {
        CompletableFuture<Boolean> durable = new CompletableFuture<>();
        barrier = durable;
        end(new Told(null, null, List.of(() -> durable.complete(true)), () -> durable.complete(false)), null);
        if (!isOpen()) {
            durable.complete(false);
        }
        try {
            if (!slot.ground().await(durable, Entities.PATIENCE.toNanos())) {
                throw new UndoneException();
            }
        } catch (TimeoutException silent) {
            throw new UndoneException();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new UndoneException();
        } finally {
            barrier = null;
        }
    }

    /** The slot is somebody else's. What was under way is not told any more: callers hear it from the view. */
    synchronized void drop() {
        dropped = true;
        told.values().forEach(this::forget);
        told = Map.of();
    }

    private void forget(Told each) {
        if (each.work != null) {
            each.work.taken();
        } else if (each.undone != null) {
            each.undone.run();
        }
        slot.ends();
    }

    private @Nullable Told take(long turn) {
        Told there = told.isEmpty() ? null : told.remove(turn);
        if (told.isEmpty()) {
            told = Map.of();
        }
        return there;
    }

    private void doAll() {
        if (doing) {
            return;
        }
        doing = true;
        try {
            for (EntityAction next = toDo.poll(); next != null; next = toDo.poll()) {
                act(next);
            }
        } finally {
            doing = false;
        }
    }

    private void act(EntityAction action) {
        switch (action) {
            case EntityAction.Append(long version, Bytes delta) ->
                ended(version, slot.vault().append(key, version, delta));
            case EntityAction.Snapshot(long version, Bytes image) ->
                ended(version, slot.vault().snapshot(key, version, image));
            case EntityAction.Release(long turn) -> {
                Told leaves = take(turn);
                if (leaves != null) {
                    release(leaves);
                }
            }
            case EntityAction.Undo(long turn) -> {
                Told undone = take(turn);
                if (undone != null) {
                    undo(undone);
                }
            }
            case EntityAction.Load() -> {
                // Only the process can load, and it may be waiting for a write that was not done.
                CompletableFuture<Boolean> waiting = barrier;
                if (waiting != null) {
                    waiting.complete(false);
                }
                mustLoad.run();
            }
        }
    }

    private void release(Told leaves) {
        if (leaves.work != null && leaves.result != null) {
            Work work = leaves.work;
            Result result = leaves.result;
            leave(() -> work.answer(result));
        }
        leaves.effects.forEach(this::leave);
        slot.ends();
    }

    /** One that throws holds none of the others up. */
    private void leave(Runnable effect) {
        try {
            effect.run();
        } catch (RuntimeException thrown) {
            LOG.error("{} {}: an effect could not leave", slot.slot(), key.utf8(), thrown);
        }
    }

    private void undo(Told undone) {
        if (undone.work != null && !full.isEmpty()) {
            undone.work.answer(new Result.Error("StoreFull", full));
        } else if (undone.undone != null) {
            undone.undone.run();
        } else if (undone.work != null) {
            slot.refuse(undone.work, RefusedReason.BUSY);
        }
        slot.ends();
    }

    private void ended(long version, CompletableFuture<StoreOutcome<Written>> write) {
        long start = System.nanoTime();
        var _ = write.whenComplete((outcome, _) -> {
            slot.entities().meters().wrote(System.nanoTime() - start);
            ended(version, outcome);
        });
    }

    private synchronized void ended(long version, @Nullable StoreOutcome<Written> outcome) {
        if (outcome instanceof StoreOutcome.Done<Written>) {
            full = "";
            log.written(version, toDo::add);
        } else {
            LOG.atLevel(isFull() ? Level.DEBUG : Level.INFO)
                    .log("{} {}: a write was not done, it is loaded again: {}", slot.slot(), key.utf8(), outcome);
            if (outcome instanceof StoreOutcome.Refused<Written>(StoreRefusal.DiskFull(int percent))) {
                full = "the store's disk is " + percent
                        + " % full: it takes no changes until there is room, and nothing" + " was changed";
            }
            slot.entities().meters().reloaded();
            log.failed(toDo::add);
        }
        doAll();
    }
}
