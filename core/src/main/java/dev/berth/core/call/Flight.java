package dev.berth.core.call;

import dev.berth.core.call.CallStep.Kind;
import dev.berth.core.cluster.Grant;
import dev.berth.core.machine.Timers;
import java.util.ArrayList;
import java.util.List;
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

    final long beganNanos;
    /** When the attempt under way was sent, and by which view. */
    long sentNanos;

    long sentView;
    /** What has befallen it, if that is not the usual. */
    @Nullable
    List<CallLog.Turn> turns;

    int turnsLeftOut;
    /** The attempt that has been noted last. */
    private int notedSession;

    Flight(Request request, Lane lane, long order, long beganNanos) {
        this.request = request;
        this.lane = lane;
        this.order = order;
        this.beganNanos = beganNanos;
    }

    /** To be called before the attempt under way is over for another reason than its answer. */
    void noteAttempt() {
        if (isUnderWay() && line != null && notedSession != session) {
            notedSession = session;
            note(new CallLog.Turn(sentNanos, Kind.SENT, sentView, null, line.peer, epoch(), connection));
        }
    }

    /** What became of the attempt under way. */
    void note(long nowNanos, Kind kind, long view, Object why) {
        noteAttempt();
        note(new CallLog.Turn(nowNanos, kind, view, why, line == null ? null : line.peer, epoch(), connection));
    }

    /** It waits; said again only when the reason is another one. */
    void noteHeld(long nowNanos, long view, Object why) {
        List<CallLog.Turn> all = turns;
        if (all != null && !all.isEmpty()) {
            CallLog.Turn last = all.getLast();
            if (last.kind() == Kind.HELD && why.equals(last.why())) {
                return;
            }
        }
        note(new CallLog.Turn(nowNanos, Kind.HELD, view, why, null, 0, 0));
    }

    private long epoch() {
        return to == null ? 0 : to.epoch();
    }

    private void note(CallLog.Turn turn) {
        List<CallLog.Turn> all = turns;
        if (all == null) {
            all = new ArrayList<>(4);
            turns = all;
        }
        if (all.size() == CallStory.STEPS_MAX) {
            all.remove(CallStory.STEPS_MAX / 2);
            turnsLeftOut++;
        }
        all.add(turn);
    }

    boolean isUnderWay() {
        return session != 0;
    }
}
