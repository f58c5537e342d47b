package dev.berth.core.session;

import dev.berth.core.wire.Bytes;

/** What a gate asks a session, by calls that have one effect even if they are repeated. Any thread. */
public sealed interface SessionCall {
    /** Under which epoch is it? */
    record Find() implements SessionCall {}

    /**
     * A new session in place of the one that is there.
     *
     * @param expected its epoch; if it has another one by now this call was overtaken, and does nothing
     * @param id drawn by the gate, 64 bits
     */
    record Login(long expected, long gate, long id, Bytes tokenHash) implements SessionCall {}

    record Resume(long gate, Bytes tokenHash, long heard) implements SessionCall {}

    record Say(long epoch, long seq, long first, long heard, String type, Bytes body) implements SessionCall {}

    record Ack(long epoch, long heard) implements SessionCall {}

    record Read(long epoch, int feed, long from) implements SessionCall {}

    /** Something may have been missed: is it still this gate's, and what does it hear? */
    record Check(long epoch, long gate) implements SessionCall {}

    /**
     * The connection is gone.
     *
     * @param answered whether nothing is under way that was said by it: each SAY that the session was asked has its answer
     */
    record Closed(long epoch, boolean answered) implements SessionCall {}

    /** The client wants no session any more. */
    record Bye(long epoch) implements SessionCall {}
}
