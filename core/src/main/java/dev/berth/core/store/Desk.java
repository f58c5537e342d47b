package dev.berth.core.store;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.store.Fences.FenceAnswer;
import dev.berth.core.store.Fences.WriteAnswer;
import dev.berth.core.store.StoreMessage.Append;
import dev.berth.core.store.StoreMessage.Snapshot;
import dev.berth.core.store.StoreMessage.Write;
import dev.berth.core.wire.Bytes;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// An owner whose connection broke does not know what became of its last writes. They may even arrive later than the
// fence that it asserts over a new connection: the old one's bytes can still lie in a buffer of the store. So a fence
// is asserted by a connection, and only writes of that connection are behind it. Once a fence is answered nothing
// older of the same owner lands any more, and what the owner then loads is what it goes on from (rule 26).

/** Decides what becomes of a store's requests. One thread: the store's own, inside its transaction. */
public final class Desk {
    private final Fences fences;
    private final TreeMap<SlotId, Long> asserters = new TreeMap<>();

    /** What becomes of a write. */
    public sealed interface Verdict {
        /** Write it; the key then has this head. */
        record Apply(Head head) implements Verdict {}

        /** The operation was written before, at this version. */
        record Repeated(long version) implements Verdict {}

        record Refuse(StoreRefusal reason) implements Verdict {}
    }

    public Desk(Fences fences) {
        this.fences = fences;
    }

    public Fences fences() {
        return fences;
    }

    /** A connection asserts a fence; null if it stands. */
    public @Nullable StoreRefusal fence(long connection, Grant grant) {
        return switch (fences.fence(grant)) {
            case FenceAnswer.Taken _ -> {
                asserters.put(grant.slot(), connection);
                yield null;
            }
            case FenceAnswer.Refused refused -> new StoreRefusal.Fenced(refused.storedEpoch());
            case FenceAnswer.Full full -> new StoreRefusal.FencesFull(full.slotsMax());
        };
    }

    /** Whether a write is behind its fence, and of a size that can be looked at; null if so. Ask it first. */
    public @Nullable StoreRefusal admits(long connection, Write write) {
        Grant grant = write.grant();
        return switch (fences.write(grant)) {
            case WriteAnswer.Fenced fenced -> new StoreRefusal.Fenced(fenced.storedEpoch());
            case WriteAnswer.FenceMissing missing -> new StoreRefusal.FenceMissing(missing.storedEpoch());
            case WriteAnswer.Accepted _ -> {
                Long asserter = asserters.get(grant.slot());
                yield asserter != null && asserter == connection
                        ? wrongSize(write)
                        : new StoreRefusal.FenceMissing(grant.epoch());
            }
        };
    }

    /**
     * Judges a write that {@link #admits} has let pass.
     *
     * @param writtenAt the version at which the operation that it carries was written, 0 if it was not or if it carries none
     */
    public Verdict judge(Write write, Head head, long writtenAt, Brim brim) {
        if (writtenAt > 0) {
            return new Verdict.Repeated(writtenAt);
        }
        if (head.version() != write.version()) {
            return new Verdict.Refuse(new StoreRefusal.OtherVersion(head.version()));
        }
        if (brim.isFull()) {
            return new Verdict.Refuse(new StoreRefusal.DiskFull(brim.percent()));
        }
        return switch (write) {
            case Append append -> appended(head, append.delta().length());
            case Snapshot _ -> new Verdict.Apply(head.withSnapshot());
        };
    }

    private static Verdict appended(Head head, int bytes) {
        if (head.deltas() >= StoreLimits.DELTAS_MAX || head.deltaBytes() + bytes > StoreLimits.DELTA_BYTES_MAX) {
            return new Verdict.Refuse(new StoreRefusal.SnapshotFirst(head.deltas(), head.deltaBytes()));
        }
        return new Verdict.Apply(head.withDelta(bytes));
    }

    /** Null if key and content have sizes that a store takes; also for clients, before they send. */
    public static @Nullable StoreRefusal wrongSize(Write write) {
        if (write.key().length() == 0) {
            return new StoreRefusal.WrongSize("key", 0, StoreLimits.KEY_MAX);
        }
        StoreRefusal key = tooLong("key", write.key(), StoreLimits.KEY_MAX);
        if (key != null) {
            return key;
        }
        return switch (write) {
            case Append append -> tooLong("delta", append.delta(), StoreLimits.DELTA_MAX);
            case Snapshot snapshot -> tooLong("snapshot", snapshot.state(), StoreLimits.STATE_MAX);
        };
    }

    private static @Nullable StoreRefusal tooLong(String what, Bytes bytes, int max) {
        return bytes.length() > max ? new StoreRefusal.WrongSize(what, bytes.length(), max) : null;
    }

    /** The connection has ended: what it asserted has to be asserted again by another one. */
    public void closed(long connection) {
        asserters.values().removeIf(asserter -> asserter == connection);
    }
}
