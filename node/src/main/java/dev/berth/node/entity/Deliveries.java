package dev.berth.node.entity;

import dev.berth.core.call.OperationId;
import dev.berth.core.call.Outcome;
import dev.berth.core.call.RefusedReason;
import dev.berth.core.entity.Parcel;
import dev.berth.core.wire.Bytes;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// To one entity one message is under way at a time, and the next one when it is durable here that this one has arrived.
// So the numbers that the other one sees of this one only grow, and what it knows of them is enough to take each once.
// If the next one went before, the other one could forget it while the next owner here sends this one again: it would
// be too old there, also if it had been refused, and nobody would ever give it back.

/** Carries the messages of one entity to others, until each has arrived. Its methods: any thread. */
final class Deliveries {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final long AGAIN_MILLIS = 100;

    private final EntityHost host;
    // Guarded by this. Most of the time there is nothing, and a node has a million of these.
    private Map<Target, ArrayDeque<Parcel>> queues = Map.of();
    /** Those that have left and are not known to have arrived. */
    private Map<Long, Sent> known = Map.of();

    private boolean over;

    Deliveries(EntityHost host) {
        this.host = host;
    }

    /**
     * It is durable and may leave; saying so twice is the same as once.
     *
     * @param again whether an earlier owner may have sent it
     */
    void send(Parcel parcel, boolean again) {
        synchronized (this) {
            if (over || known.containsKey(parcel.number())) {
                return;
            }
            if (known.isEmpty()) {
                known = new HashMap<>();
                queues = new HashMap<>();
            }
            Target target = target(parcel);
            known.put(parcel.number(), new Sent(target, !again));
            ArrayDeque<Parcel> queue = queues.computeIfAbsent(target, _ -> new ArrayDeque<>());
            queue.add(again ? onceMore(parcel) : parcel);
            if (queue.size() > 1) {
                return;
            }
        }
        attempt(again ? onceMore(parcel) : parcel);
    }

    private static Parcel onceMore(Parcel parcel) {
        return new Parcel(parcel.number(), parcel.call().onceMore());
    }

    private record Target(String type, Bytes key) {}

    /** @param own whether no earlier owner can have sent it */
    private record Sent(Target target, boolean own) {}

    private static Target target(Parcel parcel) {
        return new Target(parcel.call().type(), parcel.call().key());
    }

    /** Whether no earlier owner can have sent it, or have heard what became of it. */
    synchronized boolean isOwn(long parcel) {
        Sent sent = known.get(parcel);
        return sent != null && sent.own;
    }

    private void attempt(Parcel parcel) {
        host.slot()
                .agents()
                .submit(
                        parcel.call(),
                        host,
                        new OperationId(host.chainLink(), parcel.number()),
                        (outcome, _) -> ended(parcel, outcome));
    }

    private void ended(Parcel parcel, Outcome<Bytes> outcome) {
        switch (outcome) {
            case Outcome.Done<Bytes> _ -> arrived(parcel, null);
            case Outcome.Failed<Bytes>(String kind, String message) -> arrived(parcel, kind + ": " + message);
            case Outcome.Refused<Bytes>(RefusedReason reason, long _)
            when reason == RefusedReason.TOO_OLD -> {
                LOG.error(
                        "{}: message {} to {} may have arrived before this owner came, and too much has happened there"
                                + " since to know; it is not sent again",
                        host,
                        parcel.call().method(),
                        parcel.call().type());
                arrived(parcel, null);
            }
            case Outcome.Refused<Bytes> _ -> later(parcel);
            case Outcome.Unknown<Bytes> _ -> later(onceMore(parcel));
        }
    }

    /** A slot that is leaving says nothing again: its next owner does. */
    private void later(Parcel parcel) {
        host.slot().later(AGAIN_MILLIS, () -> {
            if (goesOn()) {
                attempt(parcel);
            }
        });
    }

    private synchronized boolean goesOn() {
        return !over && host.slot().serves();
    }

    private void arrived(Parcel parcel, @Nullable String why) {
        host.arrived(parcel.number(), why);
    }

    /** That it has arrived is durable. */
    void forget(long number) {
        Parcel next;
        synchronized (this) {
            Sent sent = known.isEmpty() ? null : known.remove(number);
            ArrayDeque<Parcel> queue = sent == null ? null : queues.get(sent.target);
            if (over || sent == null || queue == null) {
                return;
            }
            queue.poll();
            next = queue.peek();
            if (next == null) {
                queues.remove(sent.target);
            }
            if (known.isEmpty()) {
                known = Map.of();
                queues = Map.of();
            }
        }
        if (next != null) {
            attempt(next);
        }
    }

    /** The slot is somebody else's, who sends what has not arrived. */
    synchronized void end() {
        over = true;
        queues = Map.of();
    }
}
