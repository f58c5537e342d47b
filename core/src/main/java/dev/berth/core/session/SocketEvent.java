package dev.berth.core.session;

import dev.berth.core.session.ClientMessage.ToGate;
import dev.berth.core.wire.Bytes;

/** What happens to a client's connection at its gate. Any thread. */
public sealed interface SocketEvent {
    record Heard(ToGate message) implements SocketEvent {}

    /** The bytes are no frame of the protocol. */
    record Unreadable(String text) implements SocketEvent {}

    /** The connection is gone. */
    record Broken() implements SocketEvent {}

    /** The gate wants it to end: it stops, or the client does not read what it is told. */
    record Ends(End why, String text, int retryMillis) implements SocketEvent {}

    /**
     * The client is who it says.
     *
     * @param id 64 random bits
     * @param token 128 bits or more of the best randomness that there is
     */
    record Known(String uid, long id, Bytes token) implements SocketEvent {}

    /** It is not, or not now. */
    record Denied(End why, String text, int retryMillis) implements SocketEvent {}

    /** The answer to a call. */
    record Answered(long call, SessionAnswer answer) implements SocketEvent {}

    /** A call has come to no answer; it may have run. Every call ends in one of the two ways. */
    record Failed(long call, String text) implements SocketEvent {}

    record Pushed(Push.What what) implements SocketEvent {}

    /**
     * Pushes may have been lost: a connection with a node that may push was replaced, or what it owned has a new owner. Many at
     * once are to be spread over a second.
     */
    record Doubt() implements SocketEvent {}
}
