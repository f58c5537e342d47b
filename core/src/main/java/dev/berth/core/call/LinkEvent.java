package dev.berth.core.call;

/** What one connection's link is told. */
public sealed interface LinkEvent {
    /** The socket is open. */
    record Opened() implements LinkEvent {}

    /** A frame came before the link was established; later ones go to the {@link Admission}. */
    record Received(PeerMessage message) implements LinkEvent {}

    record Installed(Table table) implements LinkEvent {}

    /** The node may not act for now (rule 13). */
    record Suspended() implements LinkEvent {}

    /** Close: the node stops, the dial is cancelled, or another connection supersedes this one. */
    record Stopped(String cause) implements LinkEvent {}

    /** The socket has ended. */
    record Closed() implements LinkEvent {}
}
