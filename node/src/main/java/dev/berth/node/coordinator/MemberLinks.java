package dev.berth.node.coordinator;

import dev.berth.core.cluster.ClusterMessage;

/** The connections that members and operators have with this master, whatever carries them. Any thread. */
public interface MemberLinks extends AutoCloseable {
    /** Where the messages go that come in. Any thread. */
    interface Ear {
        /**
         * A message came, in the order of its link.
         *
         * @param link never used for another connection in the life of this process
         * @return false if the master cannot take it now: it is dropped, as if it had been lost; senders repeat what matters
         */
        boolean received(long link, ClusterMessage.ToMaster message);
    }

    /** Begins to listen. Called once. */
    void open(Ear ear);

    /**
     * Sends in order, without waiting. To a link that is gone nothing happens; a link whose queue is full is closed by its
     * owner, and the member comes back over a new one.
     */
    void send(long link, ClusterMessage.ToMember message);

    /** Closes all connections; nothing comes any more when it returns. */
    @Override
    void close();
}
