package dev.berth.core.session;

import dev.berth.core.session.ClientMessage.Outcome;

/** What a session answers a gate; nothing of it leaves before what it says is durable. Any thread. */
public sealed interface SessionAnswer {
    /**
     * The epoch that there is; to a Login, that it was overtaken and nothing was done.
     *
     * @param online whether the user has a connection
     */
    record At(long epoch, Condition condition, boolean online) implements SessionAnswer {}

    record Entered(long epoch, Feeds feeds) implements SessionAnswer {}

    record Answered(long seq, Outcome outcome) implements SessionAnswer {}

    record Page(int feed, FeedPage page) implements SessionAnswer {}

    /** The session does hear this feed; its history is to be read at its origin. */
    record ReadAt(int feed, String origin, String name) implements SessionAnswer {}

    /** The session does not hear such a feed, or does no more. */
    record NotHeard(int feed) implements SessionAnswer {}

    record Checked(Feeds feeds) implements SessionAnswer {}

    record Noted() implements SessionAnswer {}

    /** Nothing was done: the session is somebody else's by now. */
    record Stale(End why) implements SessionAnswer {}

    /** Nothing was done: no client of ours asks so. */
    record Wrong(String text) implements SessionAnswer {}
}
