package dev.berth.node.entity;

import dev.berth.core.call.Address;
import dev.berth.core.call.CallException;
import dev.berth.core.call.OperationId;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Buckets;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.View;
import dev.berth.core.session.Telling;
import dev.berth.core.wire.Bytes;
import dev.berth.node.plane.Awaited;
import dev.berth.node.plane.CallEnd;
import dev.berth.node.process.Behavior;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Processes;
import dev.berth.node.process.Self;
import dev.berth.node.process.Topics;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.Submissions;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Entities on a node. Any thread. */
record NodeGround(Node node, Executor executor) implements Ground {
    /** Counts in this JVM; with the node's life and a drawn number in front nobody else has the same. */
    private static final AtomicLong OPERATIONS = new AtomicLong();

    /** Entities that come from another cluster bring along what they answered there to nodes of the same names. */
    private static final long DRAWN = new SecureRandom().nextLong();

    /** For whoever only calls. */
    static NodeGround of(Node node) {
        return new NodeGround(node, Thread::startVirtualThread);
    }

    @Override
    public Incarnation self() {
        return node.self();
    }

    @Override
    public View view() {
        View view = node.view();
        while (view == null) {
            try {
                node.listed().get(Entities.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException | InterruptedException never) {
                throw CallException.of("a call of an entity", new Outcome.Refused<>(RefusedReason.STOPPED, 0), never);
            }
            view = node.view();
        }
        return view;
    }

    @Override
    public boolean mayAct() {
        return node.mayAct();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public long millis() {
        return System.currentTimeMillis();
    }

    @Override
    public <M> ProcessRef<M> spawn(Function<Self<M>, Behavior<M>> made) {
        return node.processes().spawn(made);
    }

    @Override
    public void execute(Runnable what) {
        executor.execute(what);
    }

    @Override
    public void pause(long millis) throws InterruptedException {
        Processes.beforeWaiting();
        Thread.sleep(millis);
    }

    @Override
    public <T> T await(CompletableFuture<T> what, long nanos) throws InterruptedException, TimeoutException {
        if (!what.isDone()) {
            Processes.beforeWaiting();
        }
        try {
            return what.get(nanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException broken) {
            throw new IllegalStateException("the store's client is broken", broken);
        }
    }

    @Override
    public long caller() {
        return Thread.currentThread().threadId();
    }

    @Override
    public OperationId nextOperation() {
        return new OperationId(DRAWN ^ Buckets.hash(node.self().toString()), OPERATIONS.incrementAndGet());
    }

    @Override
    public Runnable publication(String topic, Object message, long caller, Grant from) {
        return Topics.of(node.processes()).publication(topic, message, caller, from);
    }

    @Override
    public void tell(long caller, Address to, Bytes message, Runnable untaken) {
        node.processes().tell(caller, to, message, untaken);
    }

    @Override
    public void tell(long caller, Address to, Telling telling, Runnable untaken) {
        node.processes().tell(caller, to, telling, untaken);
    }

    @Override
    public void submit(Request request) {
        Submissions.submit(node, request);
    }

    @Override
    public Ended call(Function<CallEnd, Request> call) {
        Awaited awaited = new Awaited("a call of an entity");
        Submissions.submit(node, call.apply(awaited));
        Processes.beforeWaiting();
        return new Ended(awaited.await(), awaited.id());
    }
}
