package dev.berth.core.cluster;

import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Prose;

/** Who owns a slot, as a view says it. An epoch is the number of the view that granted the slot. Any thread. */
public sealed interface SlotState {
    /** The owner, or {@link Incarnation#NONE}. */
    Incarnation owner();

    /** The epoch of the owner's grant, or 0. */
    long epoch();

    /** Whether an owner answers calls: who is up but does not run yet has not joined (S2.23); who drains still serves. */
    default boolean isServed() {
        return switch (this) {
            case Running _, Draining _ -> true;
            case Free _, Offered _, Parked _ -> false;
        };
    }

    /** The epoch under which it is served, or 0. */
    default long servingEpoch() {
        return isServed() ? epoch() : 0;
    }

    /** The state in one word, as tables and metrics name it. */
    default String word() {
        return switch (this) {
            case Free _ -> "FREE";
            case Offered _ -> "OFFERED";
            case Running _ -> "RUNNING";
            case Draining _ -> "DRAINING";
            case Parked _ -> "PARKED";
        };
    }

    /** Nobody owns it; {@code failures} owners in a row have given it up while preparing. */
    @Code(1)
    record Free(@Field(1) int failures) implements SlotState {
        public static final Free CLEAN = new Free(0);

        @Override
        public Incarnation owner() {
            return Incarnation.NONE;
        }

        @Override
        public long epoch() {
            return 0;
        }

        @Override
        public String toString() {
            return failures == 0 ? "FREE" : "FREE failures=" + failures;
        }
    }

    /** Granted; the owner fences and loads once the barrier of the granting view has closed. */
    @Code(2)
    record Offered(
            @Field(1) Incarnation owner,
            @Field(2) long epoch,
            @Field(3) int failures) implements SlotState {
        @Override
        public String toString() {
            return "OFFERED " + owner + " epoch=" + epoch;
        }
    }

    /** The owner serves, after a hand-over as soon as it has fenced and loaded the tail. */
    @Code(3)
    record Running(@Field(1) Incarnation owner, @Field(2) long epoch) implements SlotState {
        @Override
        public String toString() {
            return "RUNNING " + owner + " epoch=" + epoch;
        }
    }

    /** The owner finishes and flushes; callers hold; the target preloads. */
    @Code(4)
    record Draining(
            @Field(1) Incarnation owner,
            @Field(2) long epoch,
            @Field(3) Incarnation target) implements SlotState {
        @Override
        public String toString() {
            return "DRAINING " + owner + " epoch=" + epoch + " target=" + target;
        }
    }

    /**
     * Too many owners gave it up, or the store has an epoch of views that are lost; it waits for an operator's {@code retry}.
     *
     * @param storedEpoch the store's epoch, which a view must have passed before the slot is granted again; else 0
     */
    @Code(5)
    record Parked(
            @Field(value = 1, max = 200) String cause,
            @Field(2) long storedEpoch) implements SlotState {
        public Parked {
            cause = Prose.upTo(200, cause);
        }

        @Override
        public Incarnation owner() {
            return Incarnation.NONE;
        }

        @Override
        public long epoch() {
            return 0;
        }

        @Override
        public String toString() {
            return "PARKED cause=" + cause;
        }
    }
}
