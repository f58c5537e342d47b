package dev.berth.core.session;

import dev.berth.core.session.ClientMessage.Outcome;
import dev.berth.core.session.ClientMessage.ToGate;
import java.util.List;

/** What a client does. Any thread. */
public sealed interface ClientAction {
    /** Answered by Connected or Broken. */
    record Connect(long connection, String gate) implements ClientAction {}

    record Send(long connection, ToGate message) implements ClientAction {}

    /** Drops the connection when all that was sent has left; nothing of it is heard any more. */
    record Close(long connection) implements ClientAction {}

    /** What the application said has this number. */
    record Taken(long seq) implements ClientAction {}

    /** It was not taken: too much has no answer, or the session is over. */
    record NotTaken(String why) implements ClientAction {}

    /** Once for each number, in their order. */
    record Answered(long seq, Outcome outcome) implements ClientAction {}

    /** Each position once, in their order. */
    record Told(int feed, String name, long position, FeedItem item) implements ClientAction {}

    /** These positions are gone; the next that comes is the one behind them. */
    record Lost(int feed, String name, long from, long upTo) implements ClientAction {}

    /** The session is there. */
    record Online(String uid, long epoch) implements ClientAction {}

    /** It is not, for a while. */
    record Offline(String why, long retryNanos) implements ClientAction {}

    /**
     * It will not be any more.
     *
     * @param unanswered what was said and may have been done or not
     */
    record Ended(String code, String text, List<Long> unanswered) implements ClientAction {}
}
