package dev.berth.core.session;

import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * What an entity keeps of a user's session. Immutable; any thread.
 *
 * @param epoch counts logins, resumes and ends; what comes under another one has no effect
 * @param since the epoch of the login of the session that there is: an earlier one belongs to a session that is over
 * @param id of the session, the client of its operations; drawn at each login
 * @param tokenHash of the token that resumes it; empty if there is none
 * @param gate the address of the client's process at its gate, 0 if it has no connection
 * @param said the last seq that has run
 * @param answers the last of them, up to that of {@code said}; those that the client may not have
 * @param personal feed 0
 * @param joined the highest number that a feed has had
 * @param changes of the feeds, counted
 * @param barred whether nobody gets in before he is admitted again
 */
public record SessionState(
        long epoch,
        long since,
        long id,
        Bytes tokenHash,
        long gate,
        long said,
        List<Outcome> answers,
        FeedHistory personal,
        int joined,
        long changes,
        List<HeardFeed> feeds,
        boolean barred) {
    public static final SessionState NEW =
            new SessionState(0, 0, 0, Bytes.EMPTY, 0, 0, List.of(), FeedHistory.EMPTY, 0, 0, List.of(), false);

    public SessionState {
        answers = List.copyOf(answers);
        feeds = List.copyOf(feeds);
    }

    /** A new session under the next epoch, or none if there is no token; what was told stays to be read. */
    SessionState begun(long itsId, Bytes itsTokenHash, long atGate) {
        long next = epoch + 1;
        return new SessionState(
                next, next, itsId, itsTokenHash, atGate, 0, List.of(), personal, joined, changes, feeds, barred);
    }

    /**
     * Whether the next SAY may have had effects before: the first after a resume.
     *
     * @param saidUnder the epoch of the last one that ran, or before which the next one was not tried
     */
    boolean mayBeSaidAgain(long saidUnder) {
        return epoch != since && saidUnder != epoch;
    }

    SessionState attached(long itsEpoch, long atGate) {
        return new SessionState(
                itsEpoch, since, id, tokenHash, atGate, said, answers, personal, joined, changes, feeds, barred);
    }

    /** The next seq has run; answers below {@code first} are not needed any more. */
    SessionState ran(long seq, Outcome outcome, long first) {
        long forgotten = said - answers.size();
        int needed = Math.clamp(first - 1 - forgotten, 0, answers.size());
        List<Outcome> kept = new ArrayList<>(answers.subList(needed, answers.size()));
        kept.add(outcome);
        return new SessionState(epoch, since, id, tokenHash, gate, seq, kept, personal, joined, changes, feeds, barred);
    }

    SessionState barring(boolean bars) {
        return new SessionState(
                epoch, since, id, tokenHash, gate, said, answers, personal, joined, changes, feeds, bars);
    }

    SessionState telling(FeedHistory history) {
        return new SessionState(
                epoch, since, id, tokenHash, gate, said, answers, history, joined, changes, feeds, barred);
    }

    SessionState hearing(int numbers, List<HeardFeed> heard) {
        return new SessionState(
                epoch, since, id, tokenHash, gate, said, answers, personal, numbers, changes + 1, heard, barred);
    }

    /**
     * A feed of somebody else.
     *
     * @param origin the key of the entity that has its history
     * @param first where this session began to hear it
     */
    public record HeardFeed(int number, String name, String origin, long first) {
        public HeardFeed {
            Bounds.name("the name of a feed", name);
            Bounds.name("the origin of a feed", origin);
            Bounds.positive("a position", first);
        }

        boolean isOf(String itsName, String itsOrigin) {
            return name.equals(itsName) && origin.equals(itsOrigin);
        }
    }
}
