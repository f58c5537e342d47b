package dev.berth.node.plane;

import dev.berth.core.call.Outcome;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.call.Request;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.wire.Bytes;

/** What a node does with what its plane brings. Called on the plane's loop; must not block. */
public interface Application {
    /** A call or message was admitted: put it into a mailbox. */
    void admitted(Work work);

    /**
     * The end of a call that was submitted here; on the thread that submits when too many wait, or the loop has ended.
     *
     * @param call by which {@link Plane#recall} knows it; 0 for one that ended as Done
     */
    void ended(Request request, Outcome<Bytes> outcome, long call);

    /** The connection with the node has ended. */
    default void disconnected(Incarnation peer) {}

    /** A message for a process, which nobody waits for, was not admitted: no room, too late, or its sender was replaced. */
    default void dropped(PeerMessage.Call message) {}
}
