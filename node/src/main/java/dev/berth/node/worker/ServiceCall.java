package dev.berth.node.worker;

import dev.berth.core.PublicApi;
import dev.berth.core.cluster.Grant;
import dev.berth.core.wire.Bytes;
import dev.berth.node.plane.Work;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A call or one-way message that a slot handles. Any thread. */
@PublicApi
public final class ServiceCall {
    private final Slot slot;
    private final SlotStore store;
    private final Work work;

    ServiceCall(Slot slot, SlotStore store, Work work) {
        this.slot = slot;
        this.store = store;
        this.work = work;
    }

    /** The slot that was called. */
    public Slot slot() {
        return slot;
    }

    /** Where the slot keeps what must survive. */
    public SlotStore store() {
        return store;
    }

    /** What the caller sent. */
    public Bytes body() {
        return work.dispatch().call().body();
    }

    /** Whether nobody waits for an answer. */
    public boolean isOneWay() {
        return work.dispatch().call().session() == 0;
    }

    /** The slot on whose behalf the caller called; null if it is a node that owns none. */
    public @Nullable String from() {
        Grant from = work.dispatch().call().from();
        return from == null ? null : from.toString();
    }

    /** How long the caller still waits; what this handler calls inherits it. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, work.dispatch().deadlineNanos() - System.nanoTime()));
    }

    Work work() {
        return work;
    }
}
