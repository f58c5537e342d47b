package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import dev.berth.core.machine.Timers;
import org.jspecify.annotations.Nullable;

/** One call that has not ended: it waits in its lane, or is under way with a session. Its timer is its deadline. */
final class Flight extends Timers.Timer {
    final Request request;
    final Lane lane;
    /** Its place among all calls of the table. */
    final long order;

    /** The number of the attempt under way; 0 = it waits. */
    int session;

    @Nullable
    Line line;

    long connection;
    /** The slot and epoch that the attempt is addressed to. */
    @Nullable
    Grant to;

    @Nullable
    Flight earlier;

    @Nullable
    Flight later;

    int attempts;
    /** Some attempt may have run, so the call can never again be said to surely not have run. */
    Outcome.@Nullable Cause doubt;

    RefusedReason obstacle = RefusedReason.TIMED_OUT;
    long hint;

    /** A reply that must not be judged yet, and its place among those. */
    PeerMessage.@Nullable Reply reply;

    long replyOrder;

    Flight(Request request, Lane lane, long order) {
        this.request = request;
        this.lane = lane;
        this.order = order;
    }

    boolean isUnderWay() {
        return session != 0;
    }
}
