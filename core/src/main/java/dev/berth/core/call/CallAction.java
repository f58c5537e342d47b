package dev.berth.core.call;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.wire.Bytes;

/** What the call table of one loop wants done. */
public sealed interface CallAction {
    /** Write to this connection; a connection with the node itself leads straight to its own admission. */
    record Send(Incarnation peer, long connection, PeerMessage.Call call, Request request) implements CallAction {}

    /** A call waits for a connection with this peer; asked once, until one opens or the peer is expelled. */
    record Connect(Incarnation peer) implements CallAction {}

    /**
     * The call has ended; said exactly once of every request.
     *
     * @param call its number in the {@link CallLog}; 0 for one that ended as Done
     */
    record Ended(Request request, Outcome<Bytes> outcome, long call) implements CallAction {}
}
