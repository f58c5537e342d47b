package dev.berth.core.call;

import dev.berth.core.cluster.Incarnation;

/** What the pairs of a node want done. */
public sealed interface PeersAction {
    /** Open a socket to one of the peer's addresses, then make a {@link Link} of it with this number. */
    record Dial(Incarnation peer, long connection) implements PeersAction {}

    /** The dial is not wanted any more: close its socket, in whatever state it is. */
    record CancelDial(Incarnation peer, long connection) implements PeersAction {}
}
