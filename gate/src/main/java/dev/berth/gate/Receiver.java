package dev.berth.gate;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Bytes;

/**
 * What becomes of clients and of what they say. Called on the event loop of the client, one thing at a time and in order for each
 * client, for several clients at a time if the node has several loops. It must not wait: everything that the loop carries would. What it throws closes the
 * client.
 */
@PublicApi
public interface Receiver {
    /** A client is there: its handshakes are done. It can be sent to from here on. */
    default void connected(Client client) {}

    void packet(Client client, Bytes packet);

    /**
     * Some process has sent this to the client's address: a packet for it, if nothing else is said. On whatever thread; must not wait either.
     *
     * @return false if the client is gone
     */
    default boolean sent(Client client, Bytes message) {
        return client.send(message);
    }

    /** What some process has sent to the client's address is lost: there was too much at this node. On the node's loop. */
    default void missed(Client client) {}

    /** It is gone, for whatever reason; exactly once for each that was connected. */
    default void closed(Client client, String cause) {}
}
