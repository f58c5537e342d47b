package dev.berth.core.call;

/** What the admission of one connection is told. */
public sealed interface AdmissionEvent {
    /** A message was read from the connection. */
    record Received(PeerMessage message) implements AdmissionEvent {}

    /** The loop acts by this table now: a new view, or an own slot began or ceased to serve. */
    record Installed(Table table) implements AdmissionEvent {}

    /** The node may act again (rule 13). */
    record Resumed() implements AdmissionEvent {}

    /** The message was judged RUN when a process took it from its mailbox, or thrown away with its process. */
    record Taken(Dispatch dispatch) implements AdmissionEvent {}

    /** The message was judged neither RUN nor NOT_NOW when a process took it: it is held, refused or dropped here. */
    record Returned(Dispatch dispatch) implements AdmissionEvent {}

    /** The handler of the message has ended, or its mailbox was full. */
    record Answered(Dispatch dispatch, PeerMessage.Result result) implements AdmissionEvent {}

    /** The connection has ended: nothing can be answered any more. */
    record Closed() implements AdmissionEvent {}

    /** Connection number {@code connection} with the same peer was accepted (rule 16). */
    record Superseded(long connection) implements AdmissionEvent {}
}
