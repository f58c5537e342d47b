package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;

/** What the marks of one loop want done. */
public sealed interface MarkAction {
    record Send(Incarnation peer, long connection, PeerMessage.Mark mark) implements MarkAction {}

    /** A connection is wanted: the slot had sent on one that ended. */
    record Connect(Incarnation peer) implements MarkAction {}

    /** Everybody this loop had sent to has answered or is expelled; MemberEvent.Marked once all loops say so. */
    record Complete(Grant grant) implements MarkAction {}
}
