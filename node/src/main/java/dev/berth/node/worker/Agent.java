package dev.berth.node.worker;

import dev.berth.core.PublicApi;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Buckets;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.node.plane.Work;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A service as its callers see it: one thing that answers (S2.9). The agent finds the owner of a key's slot, holds a call while
 * there is none, follows the slot when it moves, and says honestly how each call ended. Any thread. Calls that one thread makes
 * to one slot arrive in that order.
 */
@PublicApi
public final class Agent {
    private static final Duration ONE_WAY = Duration.ofSeconds(5);

    private final Node node;
    private final String service;

    Agent(Node node, String service) {
        this.node = node;
        this.service = service;
    }

    String service() {
        return service;
    }

    /** The way to a slot that nobody serves. */
    Connection gap(int slot) {
        return new Connection(this, slot, Incarnation.NONE, 0);
    }

    /** Waits for the answer; made for virtual threads. Throws {@link CallException} if the call does not end as Done. */
    public Bytes call(long key, Bytes body, Duration within) {
        return await(service + " for key " + key, callAsync(key, body, within));
    }

    /** The same for a slot. */
    public Bytes callSlot(int slot, Bytes body, Duration within) {
        return await(service + "/" + slot, callSlotAsync(slot, body, within));
    }

    private static Bytes await(String what, CompletableFuture<Outcome<Bytes>> call) {
        Outcome<Bytes> outcome;
        try {
            outcome = call.get();
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            outcome = new Outcome.Unknown<>(Outcome.Cause.STOPPED);
        }
        if (outcome instanceof Outcome.Done<Bytes>(Bytes value)) {
            return value;
        }
        throw new CallException("call of " + what, outcome, call instanceof Pending pending ? pending.id : "");
    }

    /** Never fails: how the call ended is in the outcome, which comes on a thread that must not block. */
    public CompletableFuture<Outcome<Bytes>> callAsync(long key, Bytes body, Duration within) {
        Pending ended = new Pending();
        submit(view -> slotOf(view, key), body, within, false, ended);
        return ended;
    }

    /** The same for a slot. */
    public CompletableFuture<Outcome<Bytes>> callSlotAsync(int slot, Bytes body, Duration within) {
        Pending ended = new Pending();
        submit(_ -> slot, body, within, false, ended);
        return ended;
    }

    /** A one-way message: at most once, and nobody says what became of it. */
    public void send(long key, Bytes body) {
        submit(view -> slotOf(view, key), body, ONE_WAY, true, new Pending());
    }

    /** The same for a slot. */
    public void sendSlot(int slot, Bytes body) {
        submit(_ -> slot, body, ONE_WAY, true, new Pending());
    }

    /** Which slot of a planned service, or which bucket of a bucketed one, has the key. */
    private int slotOf(View view, long key) {
        Service planned = view.service(service);
        return planned == null
                ? 1
                : Buckets.bucket(Buckets.hash(key), planned.plan().units());
    }

    private void submit(
            ToIntFunction<View> slot,
            Bytes body,
            Duration within,
            boolean oneWay,
            CompletableFuture<Outcome<Bytes>> ended) {
        long deadline = System.nanoTime() + within.toNanos();
        Grant from = null;
        if (SlotRunner.CURRENT.isBound()) {
            // A handler calls: for its slot, and no longer than its own caller waits.
            SlotRunner runner = SlotRunner.CURRENT.get();
            from = runner.grant();
            Work atHand = runner.atHand();
            if (atHand != null) {
                deadline = Math.min(deadline, atHand.dispatch().deadlineNanos());
                atHand.taken();
            }
        }
        Call call = new Call(Thread.currentThread().threadId(), from, deadline, oneWay, body, ended);
        View view = node.view();
        if (view != null) {
            node.submit(call.to(new SlotId(service, slot.applyAsInt(view))));
        } else {
            ended.completeOnTimeout(
                    new Outcome.Refused<>(RefusedReason.TIMED_OUT, 0), within.toNanos(), TimeUnit.NANOSECONDS);
            node.whenListed(
                    listed -> node.submit(call.to(new SlotId(service, slot.applyAsInt(listed)))),
                    () -> ended.complete(new Outcome.Refused<>(RefusedReason.BUSY, 0)));
        }
    }

    private record Call(
            long caller,
            @Nullable Grant from,
            long deadlineNanos,
            boolean oneWay,
            Bytes body,
            CompletableFuture<Outcome<Bytes>> ended) {
        Request to(SlotId slot) {
            return new Request(caller, slot, 0, from, deadlineNanos, oneWay, List.of(), Bytes.EMPTY, null, body, ended);
        }
    }
}
