package dev.berth.core.session;

import dev.berth.core.session.ClientMessage.ToClient;
import dev.berth.core.wire.Bytes;

/** What a gate does for a client. Any thread. */
public sealed interface SocketAction {
    record Send(ToClient message) implements SocketAction {}

    /** Ends the connection when all that was sent has left. */
    record Close() implements SocketAction {}

    /** Is it so? Answered by Known or Denied. */
    record Authenticate(String name, Bytes secret, String device) implements SocketAction {}

    /**
     * What somebody says who has not logged in. Ended by Answered, with an {@link SessionAnswer.Answered} of that seq, or Failed. It may be said and run any
     * number of times.
     */
    record Visit(long call, long seq, String type, Bytes body) implements SocketAction {}

    /** A call to the user's session, ended by Answered or Failed. */
    record Call(long call, String uid, SessionCall what) implements SocketAction {}

    /**
     * A call to who has a feed's history: a {@link FeedPage}, and from now on this gate in the {@link Audience}. Ended by Answered
     * with a Page, or Failed.
     */
    record ReadAt(long call, String origin, String name, long from, String uid, long epoch, int feed)
            implements SocketAction {}
}
