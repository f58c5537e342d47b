package dev.berth.core.store;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotId;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

// A process can be paused between any check of its own and the write that follows. So the last judge of a write is
// the store: it keeps one epoch per slot, which only grows, and compares it in the same transaction as the write.
// The state is to be kept with the writes, as durable as they are (rule 26): a fail-over that loses one must lose
// the other too.

/**
 * Decides for a store which fences it takes and which writes it accepts (rules 18, 20, 26). One thread: the store's own, or
 * whoever holds its transaction.
 */
public class Fences {
    /** Slots that one store keeps fences for; a fence for another one is refused as {@link FenceAnswer.Full}. */
    public static final int SLOTS_MAX = 16 * ServicePlan.SLOTS_MAX;

    private final TreeMap<SlotId, Long> epochs = new TreeMap<>();
    private final int slotsMax;
    private long highest;

    public Fences() {
        this(SLOTS_MAX);
    }

    public Fences(int slotsMax) {
        if (slotsMax < 1 || slotsMax > SLOTS_MAX) {
            throw new IllegalArgumentException(
                    "fences: slotsMax lies between 1 and " + SLOTS_MAX + ", got " + slotsMax);
        }
        this.slotsMax = slotsMax;
    }

    /** The fences that {@link #snapshot} gave. */
    public static Fences restored(SortedMap<SlotId, Long> snapshot) {
        Fences fences = new Fences();
        for (Map.Entry<SlotId, Long> each : snapshot.entrySet()) {
            fences.fence(new Grant(each.getKey(), each.getValue()));
        }
        if (fences.epochs.size() != snapshot.size()) {
            throw new IllegalArgumentException(
                    "fences: a snapshot of " + snapshot.size() + " slots exceeds " + SLOTS_MAX);
        }
        return fences;
    }

    /** What to persist; a view of the state that follows its changes. */
    public SortedMap<SlotId, Long> snapshot() {
        return Collections.unmodifiableSortedMap(epochs);
    }

    /** The epoch of the slot's fence, 0 if it has none. */
    public long epoch(SlotId slot) {
        Long stored = epochs.get(slot);
        return stored == null ? 0 : stored;
    }

    /** The highest epoch of all fences: views had come so far at least when it was granted. 0 without fences. */
    public long highest() {
        return highest;
    }

    /** An owner asserts its fence. To take the same one twice is one effect; a lower one is refused. */
    public FenceAnswer fence(Grant grant) {
        long stored = epoch(grant.slot());
        if (refuses(grant, stored)) {
            return new FenceAnswer.Refused(stored);
        }
        if (stored == 0 && epochs.size() >= slotsMax) {
            return new FenceAnswer.Full(slotsMax);
        }
        epochs.put(grant.slot(), grant.epoch());
        highest = Math.max(highest, grant.epoch());
        return FenceAnswer.Taken.TAKEN;
    }

    /** Judges a write that carries the grant; to be called in the transaction that writes. */
    public WriteAnswer write(Grant grant) {
        long stored = epoch(grant.slot());
        if (fences(grant, stored)) {
            return new WriteAnswer.Fenced(stored);
        }
        return misses(grant, stored) ? new WriteAnswer.FenceMissing(stored) : WriteAnswer.Accepted.ACCEPTED;
    }

    /** Safety: a fence never goes back (I2). */
    protected boolean refuses(Grant grant, long stored) {
        return stored > grant.epoch();
    }

    /** Safety: a write of an earlier epoch comes too late, however long ago it was checked elsewhere (rule 18, I2). */
    protected boolean fences(Grant grant, long stored) {
        return stored > grant.epoch();
    }

    /**
     * Safety: a write of an epoch that was never fenced here would stand beside the writes of the epoch before, which this
     * store would still accept (rule 26).
     */
    protected boolean misses(Grant grant, long stored) {
        return stored < grant.epoch();
    }

    /** What became of a fence. Any thread. */
    public sealed interface FenceAnswer {
        /** The fence stands; earlier epochs can no longer write. */
        record Taken() implements FenceAnswer {
            public static final Taken TAKEN = new Taken();
        }

        /** A later epoch was here. */
        record Refused(long storedEpoch) implements FenceAnswer {}

        /** The store keeps no more than {@code slotsMax} fences. */
        record Full(int slotsMax) implements FenceAnswer {}
    }

    /** What became of a write. Any thread. */
    public sealed interface WriteAnswer {
        record Accepted() implements WriteAnswer {
            public static final Accepted ACCEPTED = new Accepted();
        }

        /** A later epoch owns the slot: it surely was not written, and never will be. */
        record Fenced(long storedEpoch) implements WriteAnswer {}

        /** It was not written, because the fence was lost or never asserted: assert it, then write again. */
        record FenceMissing(long storedEpoch) implements WriteAnswer {}
    }
}
