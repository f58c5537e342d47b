package dev.berth.core.cluster;

import dev.berth.core.wire.Code;
import dev.berth.core.wire.Field;
import dev.berth.core.wire.Prose;

/** One thing that a view has changed, with what was before and why. Any thread. */
public sealed interface JournalLine {
    /** Most bytes of a cause. */
    int CAUSE_MAX = 200;

    /** Why, in words that follow the change. */
    String cause();

    /** A node is listed from this view on. */
    @Code(1)
    record Came(
            @Field(1) Incarnation life,
            @Field(value = 2, max = ServiceName.MAX) String name,
            @Field(value = 3, max = CAUSE_MAX) String cause)
            implements JournalLine {
        public Came {
            cause = Prose.upTo(CAUSE_MAX, cause);
        }
    }

    /** A node is not listed any more. */
    @Code(2)
    record Went(
            @Field(1) Incarnation life,
            @Field(value = 2, max = ServiceName.MAX) String name,
            @Field(value = 3, max = CAUSE_MAX) String cause)
            implements JournalLine {
        public Went {
            cause = Prose.upTo(CAUSE_MAX, cause);
        }
    }

    /** A node is to be empty, or may own slots again. */
    @Code(3)
    record Drained(
            @Field(1) Incarnation life,
            @Field(value = 2, max = ServiceName.MAX) String name,
            @Field(3) boolean drains,
            @Field(value = 4, max = CAUSE_MAX) String cause)
            implements JournalLine {
        public Drained {
            cause = Prose.upTo(CAUSE_MAX, cause);
        }
    }

    /** A slot's state. */
    @Code(4)
    record SlotMoved(
            @Field(1) SlotId slot,
            @Field(2) SlotState before,
            @Field(3) SlotState after,
            @Field(value = 4, max = CAUSE_MAX) String cause)
            implements JournalLine {
        public SlotMoved {
            cause = Prose.upTo(CAUSE_MAX, cause);
        }
    }

    /** A setting's value; where it was or is not set, the standard holds and the text is empty. */
    @Code(5)
    record SettingMoved(
            @Field(value = 1, max = ServiceName.MAX) String key,
            @Field(2) boolean wasSet,
            @Field(value = 3, max = Settings.VALUE_MAX) String before,
            @Field(4) boolean isSet,
            @Field(value = 5, max = Settings.VALUE_MAX) String after,
            @Field(value = 6, max = CAUSE_MAX) String cause)
            implements JournalLine {
        public SettingMoved {
            cause = Prose.upTo(CAUSE_MAX, cause);
        }
    }

    /** A plan, a size, a home, a global name or the lease. */
    @Code(6)
    record Other(
            @Field(value = 1, max = CAUSE_MAX) String what,
            @Field(value = 2, max = CAUSE_MAX) String cause) implements JournalLine {
        public Other {
            what = Prose.upTo(CAUSE_MAX, what);
            cause = Prose.upTo(CAUSE_MAX, cause);
        }
    }

    /**
     * Not a view but a term: another master leads.
     *
     * @param former who led before
     * @param resigned it had said so itself; else it was lost
     */
    @Code(7)
    record Led(
            @Field(value = 1, max = ServiceName.MAX) String former,
            @Field(2) boolean resigned,
            @Field(value = 3, max = CAUSE_MAX) String cause)
            implements JournalLine {
        public Led {
            cause = Prose.upTo(CAUSE_MAX, cause);
        }
    }
}
