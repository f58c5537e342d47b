package dev.berth.core.call;

import dev.berth.core.cluster.SlotId;
import dev.berth.core.machine.Timers;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// What one caller says to one slot arrives in the order in which it was said (rule 19). So the calls that wait form a
// queue, one that was refused returns to its old place in it, and the lane turns to another owner or connection only
// when nothing is under way to the former: else a later call could reach the new owner before the refusal of an
// earlier one came back.

/** The calls of one caller to one slot, or to one process. Its timer is the end of a back-off. */
final class Lane extends Timers.Timer {
    final long caller;
    final @Nullable SlotId slot;
    /** The process where {@code slot} is null, else 0. */
    final long address;

    final int hash;
    /** The next in the same place of {@link Lanes}. */
    @Nullable
    Lane beside;

    /** By order; null as long as nothing has ever waited, which is the rule. */
    private @Nullable TreeMap<Long, Flight> waiting;

    int underWay;
    /** Where the ones under way went. */
    long connection;

    long epoch;
    /** Nothing is sent before this view is applied. */
    long awaitView;

    Lane(long caller, @Nullable SlotId slot, long address, int hash) {
        this.caller = caller;
        this.slot = slot;
        this.address = address;
        this.hash = hash;
    }

    boolean is(long otherCaller, @Nullable SlotId otherSlot, long otherAddress) {
        return caller == otherCaller && address == otherAddress && Objects.equals(slot, otherSlot);
    }

    boolean isIdle() {
        return underWay == 0 && !isWaiting();
    }

    boolean isWaiting() {
        return waiting != null && !waiting.isEmpty();
    }

    @Nullable
    Flight firstWaiting() {
        return waiting == null || waiting.isEmpty()
                ? null
                : waiting.firstEntry().getValue();
    }

    void add(Flight flight) {
        if (waiting == null) {
            waiting = new TreeMap<>();
        }
        waiting.put(flight.order, flight);
    }

    /** Returns false if it does not wait here. */
    boolean remove(Flight flight) {
        return waiting != null && waiting.remove(flight.order) != null;
    }

    boolean leadsTo(long otherConnection, long otherEpoch) {
        return underWay == 0 || (connection == otherConnection && epoch == otherEpoch);
    }
}
