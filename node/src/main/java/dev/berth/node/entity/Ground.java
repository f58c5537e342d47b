package dev.berth.node.entity;

import dev.berth.core.call.Address;
import dev.berth.core.call.OperationId;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Buckets;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.View;
import dev.berth.core.session.Telling;
import dev.berth.core.wire.Bytes;
import dev.berth.node.plane.CallEnd;
import dev.berth.node.process.Behavior;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Self;
import dev.berth.node.worker.Slot;
import dev.berth.node.worker.SlotWork;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

// All that entities know of threads, clocks, calls and processes is here, and of the store in Vault. So the same code
// runs on a node, and in a test that plays a cluster on one thread at a time with a clock of its own (berth-test).

/** What entities stand on: a node, or what a test has in its place. For what Berth itself builds on it. Any thread. */
public interface Ground {
    /** This life of the node. */
    Incarnation self();

    /** The newest; waits for the first. */
    View view();

    boolean mayAct();

    /** For durations. */
    long nanos();

    /** The wall clock. */
    long millis();

    <M> ProcessRef<M> spawn(Function<Self<M>, Behavior<M>> made);

    /** Does it on a thread that may wait. */
    void execute(Runnable what);

    /** Waits a moment. */
    void pause(long millis) throws InterruptedException;

    /** Waits for what somebody else completes; what it failed with is an IllegalStateException. */
    <T> T await(CompletableFuture<T> what, long nanos) throws InterruptedException, TimeoutException;

    /** The number of whoever runs on this thread, if it is no entity: his calls stay in order. */
    long caller();

    /** Nobody else ever has the same. */
    OperationId nextOperation();

    /** As {@link dev.berth.node.process.Topics#publication}. */
    Runnable publication(String topic, Object message, long caller, Grant from);

    /**
     * To a process of whatever node, at most once; what has the same caller stays in order.
     *
     * @param untaken it has surely not left
     */
    void tell(long caller, Address to, Bytes message, Runnable untaken);

    /** The same with what a feed tells; at a gate of this very node it need not become bytes. */
    default void tell(long caller, Address to, Telling telling, Runnable untaken) {
        tell(caller, to, telling.encoded(), untaken);
    }

    /** Its end is told to the {@link CallEnd} in its context. */
    void submit(Request request);

    /** Makes a call with this end, and waits for it. */
    Ended call(Function<CallEnd, Request> call);

    /** @param id by which {@code berth why} knows the call */
    record Ended(Outcome<Bytes> outcome, String id) {}

    /** What runs a bucket of the application under one grant. */
    static SlotWork board(Entities app, Ground ground, Slot slot, Grant grant, @Nullable Vault vault) {
        return new EntitySlot(app, ground, slot, grant, vault);
    }

    /** The way to one entity. */
    static <K, E extends Entity<K>> E agent(Entities app, Ground ground, Class<E> contract, K key) {
        return new EntityAgents(app, ground).agent(contract, key);
    }

    /** Where one entity is, of so many. */
    static <K, E extends Entity<K>> int bucket(Entities app, Class<E> contract, K key, int buckets) {
        Bytes bytes = app.type(contract).keys().write(key);
        return Buckets.bucket(Buckets.hash(bytes.toArray()), buckets);
    }
}
