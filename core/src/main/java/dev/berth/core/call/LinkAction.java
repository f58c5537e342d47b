package dev.berth.core.call;

import dev.berth.core.cluster.Incarnation;

/** What one connection's link wants done. */
public sealed interface LinkAction {
    record Send(PeerMessage message) implements LinkAction {}

    /**
     * Before anything of the new connection is admitted, discard what is undispatched of this one: give Superseded to its
     * admission and Stopped to its link.
     */
    record Supersede(Incarnation peer, long connection, long by) implements LinkAction {}

    /** An own dial is needless: give Stopped to its link, or cancel it. */
    record CancelDial(Incarnation peer, long connection) implements LinkAction {}

    /** Make an {@link Admission} for it, and tell calls and marks, if the peer is not hidden. */
    record Established(Incarnation peer, boolean hidden, long connection, int version) implements LinkAction {}

    /** Came before the link was established: give it to the admission, like what is read from now on. */
    record Forward(PeerMessage message) implements LinkAction {}

    /** Said once of a connection that was dialed or established: tell peers, calls, marks and the admission. */
    record Down(Incarnation peer, boolean hidden, long connection) implements LinkAction {}

    /** Close the socket once all that was sent is written. */
    record Close(String cause) implements LinkAction {}
}
