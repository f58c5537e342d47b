package dev.berth.node.entity;

import dev.berth.core.PublicApi;
import java.util.List;

/**
 * What an entity tells many users: a numbered history, and those who hear it. Each of them is told every item from where he has joined,
 * once and in order, whoever dies meanwhile; a client that was away, or comes from another device, reads on.
 *
 * <p><b>Kept</b>, with the entity's states and in the same write as what the method changes: the positions, and the last items up to 256, or
 * 128 KiB, which count among its states. A method that throws has told nothing and taken in nobody. That a user hears the feed is kept in his
 * session, also while he is away, until he leaves; whoever else must know who is in has a state for it, of users' keys.
 * <p><b>Lost</b>: items beyond those bounds, the oldest first. A client that comes too late for them is told which positions it has lost.
 *
 * <p>Only the entity's own code, in its methods and timers.
 */
@PublicApi
public interface Feed {
    /**
     * Tells everybody who hears the feed, when what the method changes is durable. It costs one message for each gate.
     *
     * @param message 16 KiB at most; {@code .records(...)} registers what no method takes or answers
     * @return its position: 1, 2, 3 and so on
     */
    long tell(Record message);

    /**
     * From what is told next the user hears the feed, now or when he comes back; who does already goes on where he is. It is a delivery
     * ({@link Context#deliver}): {@link Returned} hears of a user who hears 32 feeds already.
     *
     * @param user as the log-in has named him
     */
    void join(Object user);

    /**
     * The same, and of what was told so far the last items too.
     *
     * @param back how many at most: 256 are all that there can be
     */
    void join(Object user, int back);

    /** The user hears it no more; nothing if he does not. */
    void leave(Object user);

    /** The position of what was told last; 0 before the first. */
    long last();

    /**
     * What was told from a position on and is kept still, 64 KiB at most, for who does not hear the feed; not what this method tells.
     *
     * @param most so many at most
     */
    Past past(long from, int most);

    /**
     * @param first the position of the first message, or of the next one there will be if there are none; what lies between the position asked
     *     for and it is gone
     */
    @PublicApi
    record Past(long first, List<Record> messages) {
        public Past {
            messages = List.copyOf(messages);
        }
    }

    /** How many connections hear it at this moment; for a while after its owner has changed some are not back yet. {@link Attended} hears of the first. */
    int hearers();
}
