package dev.berth.node.worker;

import dev.berth.core.PublicApi;
import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.store.StoreMessage.FenceHeld;
import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StoreOutcome;
import dev.berth.core.store.StorePiece;
import dev.berth.core.store.StoreRefusal;
import dev.berth.core.wire.Bytes;
import dev.berth.node.store.StoreClient;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

// Every append carries an operation's id of its own, so one whose outcome is unknown is simply made again, after the
// fence (rule 26): the store knows whether it has it. What is refused for a while is asked again; a later owner's fence
// ends it at once.

/**
 * Where one slot, under one epoch, keeps what must survive. Methods wait until the store has answered: made for virtual threads.
 * One thread at a time, as the slot's code runs.
 */
@PublicApi
public final class SlotStore {
    private static final long RETRY_MILLIS = 20;
    private static final long SUSPENDED_MILLIS = 5;

    private final Grant grant;
    private final @Nullable StoreClient client;
    private final BooleanSupplier mayAct;
    private final BooleanSupplier isOver;
    private final Map<Bytes, Long> versions = new ConcurrentHashMap<>();
    private final AtomicLong operations = new AtomicLong();

    SlotStore(Grant grant, @Nullable StoreClient client, BooleanSupplier mayAct, BooleanSupplier isOver) {
        this.grant = grant;
        this.client = client;
        this.mayAct = mayAct;
        this.isOver = isOver;
    }

    /**
     * Hands out all that the slot's earlier owners have made durable, key by key: a snapshot, then the deltas after it.
     *
     * @throws SlotLostException when somebody else owns the slot by now
     */
    public void load(Consumer<? super StorePiece> pieces) throws IOException, InterruptedException {
        versions.clear();
        fence();
        ask(store -> store.load(grant.slot(), Bytes.EMPTY, piece -> {
            versions.put(piece.key(), piece.version());
            pieces.accept(piece);
        }));
    }

    /**
     * Adds a delta to a key; durable when this returns. A key with too many deltas wants a {@link #snapshot} first: it says so by
     * an IOException.
     *
     * @throws SlotLostException when the slot is somebody else's: nothing was written
     */
    public void append(Bytes key, Bytes delta) throws IOException, InterruptedException {
        OperationId operation = new OperationId(grant.epoch(), operations.incrementAndGet());
        write(key, store -> store.append(grant, key, version(key), operation, delta));
    }

    /** Replaces what a key has, its deltas too; durable when this returns. */
    public void snapshot(Bytes key, Bytes state) throws IOException, InterruptedException {
        write(key, store -> store.snapshot(grant, key, version(key), state));
    }

    private long version(Bytes key) {
        return versions.getOrDefault(key, 0L);
    }

    // Under the fence nobody else writes here, so a key that is one version further than before a write in doubt has
    // that
    // write.
    private void write(Bytes key, Function<StoreClient, CompletableFuture<StoreOutcome<Written>>> request)
            throws IOException, InterruptedException {
        write(key, request, false);
    }

    private void write(
            Bytes key, Function<StoreClient, CompletableFuture<StoreOutcome<Written>>> request, boolean inDoubt)
            throws IOException, InterruptedException {
        while (true) {
            awaitLease();
            switch (answer(request.apply(store()))) {
                case StoreOutcome.Done<Written>(Written written) -> {
                    versions.put(key, written.version());
                    return;
                }
                case StoreOutcome.Refused<Written>(StoreRefusal.OtherVersion(long there))
                when inDoubt && there == version(key) + 1 -> {
                    versions.put(key, there);
                    return;
                }
                case StoreOutcome.Refused<Written>(StoreRefusal reason) -> refused(reason);
                case StoreOutcome.Unknown<Written> _ -> {
                    Thread.sleep(RETRY_MILLIS);
                    fence();
                    write(key, request, true);
                    return;
                }
            }
        }
    }

    private void fence() throws IOException, InterruptedException {
        Function<StoreClient, CompletableFuture<StoreOutcome<FenceHeld>>> assertFence = store -> store.fence(grant);
        ask(assertFence);
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

    private StoreClient store() throws IOException {
        StoreClient store = client;
        if (store == null) {
            throw new IOException("this node has no store: configure one (NodeConfig.withStore)");
        }
        return store;
    }

    private <T> T ask(Function<StoreClient, CompletableFuture<StoreOutcome<T>>> request)
            throws IOException, InterruptedException {
        while (true) {
            awaitLease();
            StoreOutcome<T> outcome = answer(request.apply(store()));
            if (outcome instanceof StoreOutcome.Done<T>(T value)) {
                return value;
            }
            if (outcome instanceof StoreOutcome.Refused<T>(StoreRefusal reason)) {
                refused(reason);
            } else {
                Thread.sleep(RETRY_MILLIS);
                fence();
            }
        }
    }

    /** Returns if it makes sense to ask again. */
    private void refused(StoreRefusal reason) throws IOException, InterruptedException {
        switch (reason) {
            case StoreRefusal.Fenced(long storedEpoch) ->
                throw new SlotLostException(grant + " is not this node's any more: the store has epoch " + storedEpoch);
            case StoreRefusal.FenceMissing _ -> fence();
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
        } catch (ExecutionException | java.util.concurrent.TimeoutException broken) {
            throw new IOException("the store's client is broken: " + broken.getMessage(), broken);
        }
    }
}
