package dev.berth.lab.sim.node;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.Fences.FenceAnswer;
import dev.berth.core.store.OwnerFence;
import dev.berth.lab.sim.host.Process;
import dev.berth.lab.sim.store.Loaded;
import dev.berth.lab.sim.store.Store;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One node's dealings with the store for its slots: fences, and loads behind them. One thread: its process. */
public final class SlotStore {
    private static final long RETRY_NANOS = 200_000_000L;

    private final Surroundings around;
    private final Process process;
    private final LongSupplier newestView;
    private final Function<Grant, OwnerFence> makeFence;
    private final TreeMap<SlotId, OwnerFence> fences = new TreeMap<>();

    public SlotStore(
            Surroundings around, Process process, LongSupplier newestView, Function<Grant, OwnerFence> makeFence) {
        this.around = around;
        this.process = process;
        this.newestView = newestView;
        this.makeFence = makeFence;
    }

    /** The fence of exactly this grant, while it is held. */
    public @Nullable OwnerFence of(Grant grant) {
        OwnerFence fence = fences.get(grant.slot());
        return fence != null && fence.grant().equals(grant) ? fence : null;
    }

    void forget(Grant grant) {
        if (of(grant) != null) {
            fences.remove(grant.slot());
        }
    }

    /** Asserts the fence until the store has taken or refused it. */
    public void assertFence(Grant grant, Runnable taken, LongConsumer refused) {
        OwnerFence fence = of(grant);
        if (fence == null) {
            fence = makeFence.apply(grant);
            fences.put(grant.slot(), fence);
        }
        attempt(fence, taken, refused);
    }

    private void attempt(OwnerFence fence, Runnable taken, LongConsumer refused) {
        if (!fence.equals(of(fence.grant())) || fence.isLost()) {
            return;
        }
        long attempt = fence.assertFence();
        around.store()
                .fence(
                        process,
                        fence.grant(),
                        new Store.Ask<>(
                                answer -> {
                                    if (fence.equals(of(fence.grant()))) {
                                        settled(
                                                fence,
                                                fence.answered(attempt, answer, newestView.getAsLong()),
                                                answer,
                                                taken,
                                                refused);
                                    }
                                },
                                () -> around.agenda()
                                        .in(RETRY_NANOS, () -> process.post(() -> attempt(fence, taken, refused)))));
    }

    private void settled(
            OwnerFence fence, OwnerFence.State state, FenceAnswer answer, Runnable taken, LongConsumer refused) {
        switch (state) {
            case OwnerFence.State.Held _ -> taken.run();
            case OwnerFence.State.Superseded lost -> refused.accept(lost.storedEpoch());
            case OwnerFence.State.BeyondViews lost -> refused.accept(lost.storedEpoch());
            case OwnerFence.State.NoRoom _ -> refused.accept(0);
            case OwnerFence.State.Missing _, OwnerFence.State.Asserting _ ->
                around.trace().line(process.name(), () -> "fence " + fence.grant() + ": " + answer + " came too late");
        }
    }

    /** Reads a slot until the store answers. */
    public void load(Grant grant, BiConsumer<Grant, SortedMap<Integer, Loaded>> loaded) {
        if (of(grant) == null) {
            return;
        }
        around.store()
                .load(
                        process,
                        grant,
                        new Store.Ask<>(
                                content -> {
                                    if (of(grant) != null) {
                                        loaded.accept(grant, content);
                                    }
                                },
                                () -> around.agenda().in(RETRY_NANOS, () -> process.post(() -> load(grant, loaded)))));
    }
}
