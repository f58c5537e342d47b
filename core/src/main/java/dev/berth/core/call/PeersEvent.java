package dev.berth.core.call;

import dev.berth.core.cluster.Incarnation;

/** What the pairs of a node are told. */
public sealed interface PeersEvent {
    /** Somebody has something to send to this peer. */
    record Wanted(Incarnation peer) implements PeersEvent {}

    /** A dialed connection could not be opened, or a connection that was dialed or established has ended. */
    record Ended(Incarnation peer, long connection) implements PeersEvent {}

    record Installed(Table table) implements PeersEvent {}
}
