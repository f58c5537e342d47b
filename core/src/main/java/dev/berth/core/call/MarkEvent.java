package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;

/** What the marks of one loop are told. */
public sealed interface MarkEvent {
    /** MemberAction.Mark: the slot has stopped, finished and flushed. */
    record Start(Grant grant) implements MarkEvent {}

    /** MARKED came from a peer. */
    record Answered(Incarnation peer, long connection, Grant grant) implements MarkEvent {}

    record Connected(Incarnation peer, long connection) implements MarkEvent {}

    record Disconnected(Incarnation peer, long connection) implements MarkEvent {}

    record Installed(Table table) implements MarkEvent {}
}
