package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.wire.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call as its caller means it: to a slot or a process, wherever that is. Immutable; any thread.
 *
 * @param caller the number of the calling process: its calls to the same slot stay in order
 * @param to the slot called, or null for the process at {@code address}
 * @param address the process called, its node in the highest 16 bits; with a slot, 0 for the slot's own
 * @param from the slot on whose behalf the caller acts, under the epoch it has; null for none
 * @param deadlineNanos when the caller stops waiting
 * @param oneWay whether no answer is wanted; such a message is sent at most once
 * @param operation makes it safe to run the call again; null if it is not
 * @param context comes back with the outcome and is never looked at
 */
public record Request(
        long caller,
        @Nullable SlotId to,
        long address,
        @Nullable Grant from,
        long deadlineNanos,
        boolean oneWay,
        List<Long> chain,
        Bytes trace,
        @Nullable OperationId operation,
        Bytes body,
        @Nullable Object context) {
    public Request {
        chain = List.copyOf(chain);
        if (to == null && new Address(address).node().isNone()) {
            throw new IllegalArgumentException("a call needs a slot or an address with a node, got address " + address);
        }
    }

    /** A call to a slot, without the extras. */
    public static Request toSlot(long caller, SlotId slot, long deadlineNanos, Bytes body) {
        return new Request(caller, slot, 0, null, deadlineNanos, false, List.of(), Bytes.EMPTY, null, body, null);
    }

    public Request withOperation(OperationId id) {
        return new Request(caller, to, address, from, deadlineNanos, oneWay, chain, trace, id, body, context);
    }

    public Request asOneWay() {
        return new Request(caller, to, address, from, deadlineNanos, true, chain, trace, operation, body, context);
    }

    public Request onBehalfOf(@Nullable Grant slot) {
        return new Request(caller, to, address, slot, deadlineNanos, oneWay, chain, trace, operation, body, context);
    }
}
