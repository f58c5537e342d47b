package dev.berth.core.call;

import dev.berth.core.cluster.Incarnation;

/** What the call table of one loop is told. */
public sealed interface CallEvent {
    record Submitted(Request request) implements CallEvent {}

    /** A reply came on this connection. */
    record Replied(Incarnation peer, long connection, PeerMessage.Reply reply) implements CallEvent {}

    /** A connection with a listed peer, or with the node itself, is open and identified; it replaces one with a lower number. */
    record Connected(Incarnation peer, long connection) implements CallEvent {}

    /** The connection is about to be declared closed, and this request had not been written to it; the number is the request's. */
    record NotWritten(Incarnation peer, long connection, int session) implements CallEvent {}

    /** @param cause for people */
    record Disconnected(Incarnation peer, long connection, String cause) implements CallEvent {}

    /** The loop acts by this table now. */
    record Installed(Table table) implements CallEvent {}

    /** MARK is asked for one of this node's slots: nothing of it runs any more (rule 19). Told after {@link MarkEvent.Start}. */
    record Leaving() implements CallEvent {}

    /** The node may act again (rule 13). */
    record Resumed() implements CallEvent {}

    /** The node is over: expelled, or stopped for good. */
    record Stopped() implements CallEvent {}
}
