package dev.berth.node.worker;

import dev.berth.core.PublicApi;
import dev.berth.core.call.Outcome;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.wire.Bytes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

// A connection in the agent's sense is the way to a slot. The socket below it is opened by the first call and shared by
// everything that the two nodes say to each other, so a cluster whose agents know everybody is no mesh.

/** The way to one slot of a service. A call made after the slot has moved follows it. Immutable; any thread. */
@PublicApi
public final class Connection {
    private final Agent agent;
    private final int slot;
    private final Incarnation owner;
    private final long epoch;

    Connection(Agent agent, int slot, Incarnation owner, long epoch) {
        this.agent = agent;
        this.slot = slot;
        this.owner = owner;
        this.epoch = epoch;
    }

    boolean isJoined() {
        return !owner.isNone();
    }

    public int slot() {
        return slot;
    }

    /** Who served it when this was told; {@link Incarnation#NONE} for nobody. */
    public Incarnation owner() {
        return owner;
    }

    /** Under which epoch; 0 for nobody. */
    public long epoch() {
        return epoch;
    }

    /** As {@link Agent#callSlot}. */
    public Bytes call(Bytes body, Duration within) {
        return agent.callSlot(slot, body, within);
    }

    /** As {@link Agent#callSlotAsync}. */
    public CompletableFuture<Outcome<Bytes>> callAsync(Bytes body, Duration within) {
        return agent.callSlotAsync(slot, body, within);
    }

    /** As {@link Agent#sendSlot}. */
    public void send(Bytes body) {
        agent.sendSlot(slot, body);
    }

    @Override
    public String toString() {
        return slot + "=" + owner + "@" + epoch;
    }
}
