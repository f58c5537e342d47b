package dev.berth.core.call;

import dev.berth.core.cluster.Incarnation;
import org.jspecify.annotations.Nullable;

/**
 * A call or one-way message that has been admitted and is to be run, tagged with what it will be judged by once more when a
 * process takes it from its mailbox ({@link Judge#judge}). What it says is immutable, for any thread; its place among the
 * undispatched belongs to the {@link Admission} it came from.
 */
public final class Dispatch implements AdmissionAction {
    private final Incarnation peer;
    private final boolean hidden;
    private final long connection;
    private final long sequence;
    private final long deadlineNanos;
    private final PeerMessage.Call call;

    @Nullable
    Dispatch earlier;

    @Nullable
    Dispatch later;

    boolean undispatched;

    Dispatch(
            Incarnation peer,
            boolean hidden,
            long connection,
            long sequence,
            long deadlineNanos,
            PeerMessage.Call call) {
        this.peer = peer;
        this.hidden = hidden;
        this.connection = connection;
        this.sequence = sequence;
        this.deadlineNanos = deadlineNanos;
        this.call = call;
    }

    /** The node it came from. */
    public Incarnation peer() {
        return peer;
    }

    public boolean hidden() {
        return hidden;
    }

    /** The number of the connection on which it came; its answer may leave only there. */
    public long connection() {
        return connection;
    }

    /** Its place in the order of arrival on that connection. */
    public long sequence() {
        return sequence;
    }

    /** When the caller stops waiting, on this node's clock; calls made while handling it inherit this. */
    public long deadlineNanos() {
        return deadlineNanos;
    }

    public PeerMessage.Call call() {
        return call;
    }

    @Override
    public String toString() {
        return "dispatch " + peer + "#" + connection + ":" + sequence + " session=" + call.session() + " to="
                + call.to() + " from=" + call.from();
    }
}
