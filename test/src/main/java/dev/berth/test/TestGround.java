package dev.berth.test;

import dev.berth.core.call.Address;
import dev.berth.core.call.OperationId;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Buckets;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.node.entity.Ground;
import dev.berth.node.plane.CallEnd;
import dev.berth.node.process.Behavior;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Self;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** What entities of a played node stand on: the scene's clock, strands for threads. */
final class TestGround implements Ground {
    /** When every test begins: long ago, so that nobody takes it for the time of the machine. */
    static final Instant BEGIN = Instant.parse("2000-01-01T00:00:00Z");

    private final Member member;
    private final Scene scene;
    private final Scene.Lane alarms;
    private long operations;

    TestGround(Member member) {
        this.member = member;
        this.scene = member.scene();
        this.alarms = member.lane();
    }

    @Override
    public Incarnation self() {
        return member.life();
    }

    @Override
    public View view() {
        return member.view();
    }

    @Override
    public boolean mayAct() {
        return !member.isOver();
    }

    @Override
    public long nanos() {
        return scene.nowNanos();
    }

    @Override
    public long millis() {
        return BEGIN.toEpochMilli() + TimeUnit.NANOSECONDS.toMillis(scene.nowNanos());
    }

    @Override
    public <M> ProcessRef<M> spawn(Function<Self<M>, Behavior<M>> made) {
        return member.spawn(made);
    }

    @Override
    public void execute(Runnable what) {
        member.strand(member.lane(), what);
    }

    @Override
    public void pause(long millis) {
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        scene.after(TimeUnit.MILLISECONDS.toNanos(millis), alarms, () -> over.complete(true));
        await(over);
    }

    @Override
    public <T> T await(CompletableFuture<T> what, long nanos) throws TimeoutException {
        CompletableFuture<Boolean> either = new CompletableFuture<>();
        var _ = what.whenComplete((_, _) -> either.complete(true));
        Scene.Due deadline = scene.after(nanos, alarms, () -> either.complete(false));
        await(either);
        deadline.cancel();
        if (!what.isDone()) {
            throw new TimeoutException();
        }
        return what.join();
    }

    private void await(CompletableFuture<?> what) {
        Strand strand = Strand.current();
        if (strand != null) {
            strand.await(what);
        } else {
            member.playUntil(what::isDone);
        }
    }

    @Override
    public long caller() {
        Strand strand = Strand.current();
        return strand == null ? 0 : strand.number();
    }

    @Override
    public OperationId nextOperation() {
        return new OperationId(Buckets.hash(member.life().toString()), ++operations);
    }

    @Override
    public Runnable publication(String topic, Object message, long caller, Grant from) {
        return member.topics().publication(topic, message, caller, from);
    }

    @Override
    public void tell(long caller, Address to, Bytes message, Runnable untaken) {
        member.push(to, message);
    }

    @Override
    public void submit(Request request) {
        member.plane().submit(request);
    }

    @Override
    public Ended call(Function<CallEnd, Request> call) {
        boolean outside = Strand.current() == null;
        if (outside) {
            scene.driver.lock();
        }
        try {
            CompletableFuture<Ended> ended = new CompletableFuture<>();
            submit(call.apply((outcome, id) -> ended.complete(new Ended(outcome, id))));
            await(ended);
            return ended.join();
        } finally {
            if (outside) {
                scene.driver.unlock();
            }
        }
    }
}
