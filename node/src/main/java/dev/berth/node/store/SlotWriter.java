package dev.berth.node.store;

import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.store.Fences.FenceAnswer;
import dev.berth.core.store.Fences.WriteAnswer;
import dev.berth.core.store.OwnerFence;
import dev.berth.core.store.StoreMessage.Append;
import dev.berth.core.store.StoreMessage.AssertFence;
import dev.berth.core.store.StoreMessage.FenceHeld;
import dev.berth.core.store.StoreMessage.Snapshot;
import dev.berth.core.store.StoreMessage.ToStore;
import dev.berth.core.store.StoreMessage.Write;
import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StoreOutcome;
import dev.berth.core.store.StorePiece;
import dev.berth.core.store.StoreRefusal;
import dev.berth.core.wire.Bytes;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// Rule 26 for those who do not want to think of it: core's OwnerFence is asked before each write and told how each
// ended. Once an outcome is unknown nothing is written any more until the fence stands again; whoever asserts it then
// has to load, because the writes that were under way have landed by then or never will.

/**
 * An owner's writes of one slot, under one grant. Any thread may call; the state lives on the client's event loop, where
 * outcomes arrive.
 */
public final class SlotWriter {
    private static final Logger LOG = LoggerFactory.getLogger(SlotWriter.class);

    private final StoreClient client;
    private final Grant grant;
    private final LongSupplier newestView;
    private final OwnerFence fence;
    private long attempt;
    /** The last assertion for a single key; the loop's. */
    private @Nullable CompletableFuture<StoreOutcome<FenceHeld>> asserting;

    /** @param newestView the newest view that this node knows; asked on the client's loop */
    public SlotWriter(StoreClient client, Grant grant, LongSupplier newestView) {
        this.client = client;
        this.grant = grant;
        this.newestView = newestView;
        this.fence = new OwnerFence(grant);
    }

    public Grant grant() {
        return grant;
    }

    /**
     * Asserts the fence, and when it stands loads the slot: at the start, and again whenever a write was refused as
     * FENCE_MISSING or ended as unknown. Done with the number of pieces handed out. Refused as FENCED or FENCES_FULL: give the
     * slot up. Otherwise try again after a while.
     */
    public CompletableFuture<StoreOutcome<Long>> begin(Consumer<? super StorePiece> pieces) {
        return assertFence().thenCompose(outcome -> loadBehind(outcome, Bytes.EMPTY, pieces));
    }

    /** Asserts the fence without loading: for whoever loads by himself. */
    public CompletableFuture<StoreOutcome<FenceHeld>> assertFence() {
        return client.ask(new AssertFence(client.next(), grant), FenceHeld.class, this);
    }

    /**
     * Loads one key behind the fence, which is asserted before if it does not stand: at the start, and again whenever a write of
     * the key was not done. Nobody else asserts it meanwhile, so many keys that begin at once cost one assertion.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the inner one is what the next step waits for
    public CompletableFuture<StoreOutcome<Long>> load(Bytes key, Consumer<? super StorePiece> pieces) {
        return CompletableFuture.supplyAsync(this::standing, client.loop())
                .thenCompose(fenced -> fenced)
                .thenCompose(outcome -> loadBehind(outcome, key, pieces));
    }

    private CompletableFuture<StoreOutcome<Long>> loadBehind(
            StoreOutcome<FenceHeld> fenced, Bytes key, Consumer<? super StorePiece> pieces) {
        return switch (fenced) {
            case StoreOutcome.Done<FenceHeld> _ -> client.load(grant.slot(), key, pieces);
            case StoreOutcome.Refused<FenceHeld>(StoreRefusal reason) ->
                CompletableFuture.completedFuture(new StoreOutcome.Refused<>(reason));
            case StoreOutcome.Unknown<FenceHeld>(String cause) ->
                CompletableFuture.completedFuture(new StoreOutcome.Unknown<>(cause));
        };
    }

    /** On the loop. */
    private CompletableFuture<StoreOutcome<FenceHeld>> standing() {
        CompletableFuture<StoreOutcome<FenceHeld>> last = asserting;
        if (last == null || (last.isDone() && !fence.mayWrite())) {
            last = assertFence();
            asserting = last;
        }
        return last;
    }

    /** As {@link StoreClient#append}; refused as FENCE_MISSING, without being sent, while the fence is not known to stand. */
    public CompletableFuture<StoreOutcome<Written>> append(
            Bytes key, long version, @Nullable OperationId operation, Bytes delta) {
        return client.write(new Append(client.next(), grant, key, version, operation, delta), this);
    }

    /** As {@link StoreClient#snapshot}; refused in the same way. */
    public CompletableFuture<StoreOutcome<Written>> snapshot(Bytes key, long version, Bytes state) {
        return client.write(new Snapshot(client.next(), grant, key, version, state), this);
    }

    /** As {@link StoreClient#isCrowded}. */
    public boolean isCrowded() {
        return client.isCrowded();
    }

    /** Where the fence stands; done on the client's loop. */
    public CompletableFuture<OwnerFence.State> state() {
        return CompletableFuture.supplyAsync(fence::state, client.loop());
    }

    /** On the loop, just before it is sent. */
    boolean admits(ToStore request) {
        if (request instanceof Write) {
            return fence.mayWrite();
        }
        if (!fence.isLost()) {
            attempt = fence.assertFence();
        }
        return !fence.isLost();
    }

    /** Why it was not admitted. */
    StoreRefusal why() {
        return switch (fence.state()) {
            case OwnerFence.State.Superseded lost -> new StoreRefusal.Fenced(lost.storedEpoch());
            case OwnerFence.State.BeyondViews lost -> new StoreRefusal.Fenced(lost.storedEpoch());
            case OwnerFence.State.NoRoom lost -> new StoreRefusal.FencesFull(lost.slotsMax());
            case OwnerFence.State.Missing _, OwnerFence.State.Asserting _, OwnerFence.State.Held _ ->
                new StoreRefusal.FenceMissing(0);
        };
    }

    /** On the loop. */
    void ended(ToStore request, StoreOutcome<?> outcome) {
        switch (outcome) {
            case StoreOutcome.Done<?> _ -> {
                if (!(request instanceof Write)) {
                    fence.answered(attempt, FenceAnswer.Taken.TAKEN, newestView.getAsLong());
                }
            }
            case StoreOutcome.Refused<?> refused -> refused(request, refused.reason());
            case StoreOutcome.Unknown<?> _ -> fence.failedOver();
        }
    }

    private void refused(ToStore request, StoreRefusal reason) {
        long view = newestView.getAsLong();
        if (reason instanceof StoreRefusal.Fenced(long epoch) && !fence.isLost()) {
            LOG.warn(
                    "slot {}: the store has epoch {}: somebody else owns it, and this node writes no more",
                    grant,
                    epoch);
        }
        switch (reason) {
            case StoreRefusal.Fenced fenced
            when request instanceof Write -> fence.wrote(new WriteAnswer.Fenced(fenced.storedEpoch()), view);
            case StoreRefusal.Fenced fenced ->
                fence.answered(attempt, new FenceAnswer.Refused(fenced.storedEpoch()), view);
            case StoreRefusal.FencesFull full -> fence.answered(attempt, new FenceAnswer.Full(full.slotsMax()), view);
            case StoreRefusal.FenceMissing missing ->
                fence.wrote(new WriteAnswer.FenceMissing(missing.storedEpoch()), view);
            case StoreRefusal.OtherVersion _,
                    StoreRefusal.SnapshotFirst _,
                    StoreRefusal.Busy _,
                    StoreRefusal.DiskFull _,
                    StoreRefusal.WrongSize _,
                    StoreRefusal.Unavailable _ -> {}
        }
    }
}
