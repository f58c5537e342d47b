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

    /** It is gone, for whatever reason; exactly once for each that was connected. */
    default void closed(Client client, String cause) {}
}
