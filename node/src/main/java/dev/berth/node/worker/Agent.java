package dev.berth.node.worker;

import dev.berth.core.PublicApi;
import dev.berth.core.call.CallException;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Buckets;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.View;
import dev.berth.core.wire.Bytes;
import dev.berth.node.plane.Awaited;
import dev.berth.node.plane.CallEnd;
import dev.berth.node.plane.Work;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
        Awaited awaited = new Awaited("Agent.call");
        submit(view -> slotOf(view, key), body, within, false, awaited);
        return awaited.value(service, " for key ", key);
    }

    /** The same for a slot. */
    public Bytes callSlot(int slot, Bytes body, Duration within) {
        Awaited awaited = new Awaited("Agent.call");
        submit(_ -> slot, body, within, false, awaited);
        return awaited.value(service, "/", slot);
    }

    /** Never fails: how the call ended is in the outcome, which comes on a thread that must not block. */
    public CompletableFuture<Outcome<Bytes>> callAsync(long key, Bytes body, Duration within) {
        Promised ended = new Promised();
        submit(view -> slotOf(view, key), body, within, false, ended);
        return ended;
    }

    /** The same for a slot. */
    public CompletableFuture<Outcome<Bytes>> callSlotAsync(int slot, Bytes body, Duration within) {
        Promised ended = new Promised();
        submit(_ -> slot, body, within, false, ended);
        return ended;
    }

    /** A one-way message: at most once, and nobody says what became of it. */
    public void send(long key, Bytes body) {
        submit(view -> slotOf(view, key), body, ONE_WAY, true, CallEnd.NOBODY);
    }

    /** The same for a slot. */
    public void sendSlot(int slot, Bytes body) {
        submit(_ -> slot, body, ONE_WAY, true, CallEnd.NOBODY);
    }

    /** Which slot of a planned service, or which bucket of a bucketed one, has the key. */
    private int slotOf(View view, long key) {
        Service planned = view.service(service);
        return planned == null
                ? 1
                : Buckets.bucket(Buckets.hash(key), planned.plan().units());
    }

    private void submit(ToIntFunction<View> slot, Bytes body, Duration within, boolean oneWay, CallEnd ended) {
        if (body.length() > PeerMessage.BODY_MAX) {
            throw new IllegalArgumentException("a call of " + service + " carries " + body.length() + " bytes, at most "
                    + PeerMessage.BODY_MAX + ": send larger things in pieces");
        }
        long deadline = System.nanoTime() + within.toNanos();
        Grant from = null;
        if (Acting.CURRENT.isBound()) {
            // A handler calls: for its slot, and no longer than its own caller waits.
            Acting acting = Acting.CURRENT.get();
            from = acting.grant();
            Work atHand = acting.atHand();
            if (atHand != null) {
                deadline = Math.min(deadline, atHand.dispatch().deadlineNanos());
                atHand.taken();
            }
        }
        long until = deadline;
        Grant sender = from;
        long caller = Thread.currentThread().threadId();
        View view = node.view();
        if (view != null) {
            node.submit(request(caller, slot.applyAsInt(view), sender, until, oneWay, body, ended));
        } else {
            // Whichever comes first says how it ended.
            CompletableFuture<Runnable> late = new CompletableFuture<>();
            var _ = late.completeOnTimeout(
                            () -> ended.ended(new Outcome.Refused<>(RefusedReason.TIMED_OUT, 0), ""),
                            within.toNanos(),
                            TimeUnit.NANOSECONDS)
                    .thenAccept(Runnable::run);
            CallEnd listedEnd = (outcome, id) -> late.complete(() -> ended.ended(outcome, id));
            node.whenListed(
                    listed -> node.submit(
                            request(caller, slot.applyAsInt(listed), sender, until, oneWay, body, listedEnd)),
                    () -> late.complete(() -> ended.ended(new Outcome.Refused<>(RefusedReason.BUSY, 0), "")));
        }
    }

    private Request request(
            long caller, int slot, @Nullable Grant from, long until, boolean oneWay, Bytes body, CallEnd ended) {
        SlotId to = new SlotId(service, slot);
        return new Request(caller, to, 0, from, until, oneWay, List.of(), Bytes.EMPTY, null, body, ended);
    }

    /** An end that is waited for in some other way. */
    private static final class Promised extends CompletableFuture<Outcome<Bytes>> implements CallEnd {
        @Override
        public void ended(Outcome<Bytes> outcome, String id) {
            complete(outcome);
        }
    }
}
