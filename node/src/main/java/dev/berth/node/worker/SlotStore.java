package dev.berth.node.worker;

import dev.berth.core.PublicApi;
import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StoreOutcome;
import dev.berth.core.store.StorePiece;
import dev.berth.core.store.StoreRefusal;
import dev.berth.core.wire.Bytes;
import dev.berth.node.link.Loops;
import dev.berth.node.store.SlotWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// Whether the fence stands is for SlotWriter, and so for core, to know (rule 26): while it does not, a write is
// refused as FENCE_MISSING, and here the fence is asserted and the write made again. Every append carries an
// operation's id of its own, so the store knows one that it has already. Under the fence nobody else writes here, so
// a key that is one version further than before a snapshot in doubt has that snapshot.

/**
 * Where one slot, under one epoch, keeps what must survive. Methods wait until the store has answered: made for virtual threads.
 * One thread at a time, as the slot's code runs.
 */
@PublicApi
public final class SlotStore {
    private static final long RETRY_MILLIS = 20;
    private static final long SUSPENDED_MILLIS = 5;

    private final Grant grant;
    private final @Nullable SlotWriter writer;
    private final BooleanSupplier mayAct;
    private final BooleanSupplier isOver;
    private final Map<Bytes, Long> versions = new HashMap<>();
    private long operations;

    SlotStore(Grant grant, @Nullable SlotWriter writer, BooleanSupplier mayAct, BooleanSupplier isOver) {
        this.grant = grant;
        this.writer = writer;
        this.mayAct = mayAct;
        this.isOver = isOver;
    }

    /**
     * Hands out all that the slot's earlier owners have made durable, key by key: a snapshot, then the deltas after it. Each piece
     * once, when all have come.
     *
     * @throws SlotLostException when somebody else owns the slot by now
     */
    public void load(Consumer<? super StorePiece> pieces) throws IOException, InterruptedException {
        SlotWriter store = store();
        List<StorePiece> all = new ArrayList<>();
        StoreOutcome<Long> outcome;
        do {
            // What came of an attempt that broke off comes again.
            all.clear();
            awaitLease();
            outcome = answer(store.begin(all::add));
        } while (!isDone(outcome));
        versions.clear();
        all.forEach(piece -> versions.put(piece.key(), piece.version()));
        all.forEach(pieces);
    }

    /**
     * Adds a delta to a key; durable when this returns. A key with too many deltas wants a {@link #snapshot} first: it says so by
     * an IOException.
     *
     * @throws SlotLostException when the slot is somebody else's: nothing was written
     */
    public void append(Bytes key, Bytes delta) throws IOException, InterruptedException {
        OperationId operation = new OperationId(grant.epoch(), ++operations);
        write(key, (store, version) -> store.append(key, version, operation, delta));
    }

    /** Replaces what a key has, its deltas too; durable when this returns. */
    public void snapshot(Bytes key, Bytes state) throws IOException, InterruptedException {
        write(key, (store, version) -> store.snapshot(key, version, state));
    }

    private interface Write {
        CompletableFuture<StoreOutcome<Written>> by(SlotWriter store, long version);
    }

    private void write(Bytes key, Write write) throws IOException, InterruptedException {
        SlotWriter store = store();
        long version = versions.getOrDefault(key, 0L);
        boolean inDoubt = false;
        while (true) {
            awaitLease();
            StoreOutcome<Written> outcome = answer(write.by(store, version));
            if (outcome instanceof StoreOutcome.Done<Written>(Written written)) {
                versions.put(key, written.version());
                return;
            }
            if (inDoubt && isAt(outcome, version + 1)) {
                versions.put(key, version + 1);
                return;
            }
            inDoubt |= outcome instanceof StoreOutcome.Unknown<Written>;
            if (!isDone(outcome) && isUnfenced(outcome)) {
                assertFence(store);
            }
        }
    }

    private static boolean isAt(StoreOutcome<Written> outcome, long version) {
        return outcome instanceof StoreOutcome.Refused<Written>(StoreRefusal.OtherVersion(long there))
                && there == version;
    }

    private static boolean isUnfenced(StoreOutcome<Written> outcome) {
        return outcome instanceof StoreOutcome.Refused<Written>(StoreRefusal.FenceMissing _);
    }

    private void assertFence(SlotWriter store) throws IOException, InterruptedException {
        do {
            awaitLease();
        } while (!isDone(answer(store.assertFence())));
    }

    /** Rule 12: a node that may not act does not write; its handlers wait here until it may again. */
    private void awaitLease() throws InterruptedException {
        while (!mayAct.getAsBoolean()) {
            if (isOver.getAsBoolean()) {
                throw new SlotLostException(grant + " is not this node's any more");
            }
            Thread.sleep(SUSPENDED_MILLIS);
        }
    }

    private SlotWriter store() throws IOException {
        Loops.requireMayBlock("SlotStore");
        SlotWriter store = writer;
        if (store == null) {
            throw new IOException("this node has no store: configure one (NodeConfig.withStore)");
        }
        return store;
    }

    /** False, after a moment, if it makes sense to ask again. */
    private boolean isDone(StoreOutcome<?> outcome) throws IOException, InterruptedException {
        switch (outcome) {
            case StoreOutcome.Done<?> _ -> {
                return true;
            }
            case StoreOutcome.Refused<?> refused -> refused(refused.reason());
            case StoreOutcome.Unknown<?> _ -> Thread.sleep(RETRY_MILLIS);
        }
        return false;
    }

    /** Returns if it makes sense to ask again. */
    private void refused(StoreRefusal reason) throws IOException, InterruptedException {
        switch (reason) {
            case StoreRefusal.Fenced(long storedEpoch) ->
                throw new SlotLostException(grant + " is not this node's any more: the store has epoch " + storedEpoch);
            case StoreRefusal.FenceMissing _ -> {}
            case StoreRefusal.Busy _, StoreRefusal.Unavailable _ -> Thread.sleep(RETRY_MILLIS);
            case StoreRefusal.FencesFull _,
                    StoreRefusal.OtherVersion _,
                    StoreRefusal.SnapshotFirst _,
                    StoreRefusal.DiskFull _,
                    StoreRefusal.WrongSize _ -> throw new IOException("the store refuses: " + reason);
        }
    }

    private static <T> StoreOutcome<T> answer(CompletableFuture<StoreOutcome<T>> asked)
            throws IOException, InterruptedException {
        try {
            return asked.get(1, TimeUnit.MINUTES);
        } catch (TimeoutException silent) {
            // It may still come: who asks again with the same version is answered once and for all.
            return new StoreOutcome.Unknown<>("the store has not answered within a minute");
        } catch (ExecutionException broken) {
            throw new IOException("the store's client is broken: " + broken.getMessage(), broken);
        }
    }
}
