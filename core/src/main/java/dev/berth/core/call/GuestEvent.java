package dev.berth.core.call;

/** What the calls to one hidden node are told. */
public sealed interface GuestEvent {
    /** A call to the process at {@code request.address()}, which stands for one of the hidden node. */
    record Submitted(Request request) implements GuestEvent {}

    record Replied(PeerMessage.Reply reply) implements GuestEvent {}

    /** The connection has ended; there is no other one with the same guest. */
    record Closed() implements GuestEvent {}
}
