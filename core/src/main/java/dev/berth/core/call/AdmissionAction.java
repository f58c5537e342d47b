package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;

/** What the admission of one connection wants done. */
public sealed interface AdmissionAction
        permits Dispatch,
                AdmissionAction.Deliver,
                AdmissionAction.Send,
                AdmissionAction.MarkAnswered,
                AdmissionAction.Dropped,
                AdmissionAction.Violated {
    /** Give the reply to the {@link Calls} that wait for it. */
    record Deliver(Incarnation peer, long connection, PeerMessage.Reply reply) implements AdmissionAction {}

    /** Write to this connection. */
    record Send(long connection, PeerMessage message) implements AdmissionAction {}

    /** Give this to the {@link MarkSet}. */
    record MarkAnswered(Incarnation peer, long connection, Grant grant) implements AdmissionAction {}

    /** For the counters: a message was thrown away without an answer. */
    record Dropped(PeerMessage message, String cause) implements AdmissionAction {}

    /** The peer has broken the protocol: close the connection. */
    record Violated(String cause) implements AdmissionAction {}
}
