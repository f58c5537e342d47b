package dev.berth.core.session;

import dev.berth.core.wire.Field;
import java.util.List;

/**
 * The feeds that a session hears, as its client knows them. Any thread.
 *
 * @param version counts the changes; a list with a lower one is late
 */
public record Feeds(
        @Field(1) long version,
        @Field(value = 2, max = SessionLimits.FEEDS_MAX + 1) List<Heard> all) {
    /** The number of the personal feed, which every session has. */
    public static final int PERSONAL = 0;

    /** The last position of a feed that nobody has asked: read it to learn it. */
    public static final long UNKNOWN = -1;

    public Feeds {
        all = List.copyOf(all);
    }

    /**
     * @param number within the session, never used again
     * @param first where one begins who has nothing yet; what was before is not, or no more, for this session
     * @param last the newest position, or {@link #UNKNOWN}
     */
    public record Heard(
            @Field(1) int number,
            @Field(value = 2, max = SessionLimits.NAME_MAX) String name,
            @Field(3) long first,
            @Field(4) long last) {
        public Heard {
            Bounds.positive("a position", first);
            if (number < 0 || last < UNKNOWN) {
                throw new IllegalArgumentException("feed " + number + " with the last position " + last);
            }
        }
    }
}
