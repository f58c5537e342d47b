package dev.berth.core.session;

// A client's process at a gate has an address that nobody else ever gets, and takes one client in its life. So what is
// pushed to it needs no epoch: late, it hits nobody.

/**
 * What a gate is told without having asked, at most once. Any thread.
 *
 * @param gate the address of the client's process
 */
public record Push(long gate, What what) {
    public sealed interface What {}

    public record Told(int feed, long position, FeedItem item) implements What {}

    public record FeedsAre(Feeds feeds) implements What {}

    public record Gone(End why) implements What {}

    /** Something else was to be told and could not leave: as a doubt. */
    public record Missed() implements What {}
}
