package dev.berth.core.audit;

import dev.berth.core.cluster.SlotId;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;

// Slots keep numbers; a call adds one to a number or asks for it, and the answer is a Count. What all callers are told
// is put in one real-time order: a call that was sent after an answer had come must not be answered as if that had not
// been. An epoch that goes back shows two owners at a time; a number that does shows an effect that is lost or doubled.
// How a call ends without an answer says nothing, so nobody need report that; unless it surely did not run.

/** I1 and I7 as callers see them. One thread. */
public final class Answers {
    /** A call under way. */
    public static final class Asked {
        private final String who;
        private final String what;
        private final Slot slot;
        private final Tally tally;
        private final Tally.@Nullable Addition addition;
        private final @Nullable Told owner;
        private final @Nullable Told known;
        private final long atNanos;

        private Asked(
                long nowNanos, String who, String what, Slot slot, Tally tally, Tally.@Nullable Addition addition) {
            this.who = who;
            this.what = what;
            this.slot = slot;
            this.tally = tally;
            this.addition = addition;
            this.owner = slot.newest;
            this.known = tally.highest();
            this.atNanos = nowNanos;
        }

        public long atNanos() {
            return atNanos;
        }
    }

    private static final class Slot {
        private final SlotId id;
        private final TreeMap<String, Tally> tallies = new TreeMap<>();
        private @Nullable Told newest;

        Slot(SlotId id) {
            this.id = id;
        }
    }

    private final Consumer<? super Finding> found;
    private final TreeMap<SlotId, Slot> slots = new TreeMap<>();

    public Answers(Consumer<? super Finding> found) {
        this.found = found;
    }

    /** Before it is sent: somebody wants one added to a number. */
    public Asked adds(long nowNanos, String who, SlotId slot, String number) {
        Slot there = slot(slot);
        Tally tally = tally(there, number);
        return new Asked(nowNanos, who, "add to " + number, there, tally, tally.begin());
    }

    /** Before it is sent: somebody, anybody, asks once more for an addition that may have been done. */
    public Asked again(long nowNanos, String who, Asked before) {
        return new Asked(nowNanos, who, before.what, before.slot, before.tally, before.addition);
    }

    /** Before it is sent: somebody wants to know a number. */
    public Asked reads(long nowNanos, String who, SlotId slot, String number) {
        Slot there = slot(slot);
        return new Asked(nowNanos, who, "tell " + number, there, tally(there, number), null);
    }

    /** The answer has come. */
    public void answered(long nowNanos, Asked asked, Count count) {
        Told told = new Told(asked.who, asked.slot.id, asked.what, asked.atNanos, nowNanos, count);
        Told owner = asked.owner;
        if (owner != null && count.epoch() < owner.count().epoch()) {
            found.accept(new Finding(Invariant.I1, owner.toString(), told.toString()));
        }
        Told newest = asked.slot.newest;
        if (newest == null || count.epoch() > newest.count().epoch()) {
            asked.slot.newest = told;
        }
        if (asked.addition == null) {
            asked.tally.read(asked.known, told);
        } else {
            asked.tally.added(asked.addition, told);
        }
    }

    /** It surely did not run, and what it asked for will not be asked for again. */
    public void refused(Asked asked) {
        if (asked.addition != null) {
            asked.tally.refused(asked.addition);
        }
    }

    /** Compares what was acknowledged with what is there. */
    public void compare(long nowNanos, String who, ToLongBiFunction<SlotId, String> content) {
        slots.forEach((id, slot) -> slot.tallies.forEach((number, tally) -> {
            Told newest = slot.newest;
            long epoch = newest == null ? 0 : newest.count().epoch();
            Count there = new Count(content.applyAsLong(id, number), epoch);
            tally.read(tally.highest(), new Told(who, id, "tell " + number, nowNanos, nowNanos, there));
        }));
    }

    /** How many acknowledged additions were missing, each number at its worst. */
    public long lost() {
        return slots.values().stream()
                .flatMap(slot -> slot.tallies.values().stream())
                .mapToLong(Tally::lost)
                .sum();
    }

    private Slot slot(SlotId id) {
        return slots.computeIfAbsent(id, Slot::new);
    }

    private Tally tally(Slot slot, String number) {
        return slot.tallies.computeIfAbsent(number, _ -> new Tally(found));
    }
}
