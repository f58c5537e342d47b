package dev.berth.core.call;

import dev.berth.core.machine.Timers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lanes in use, and the calls that wait in them. One owner. */
final class Lanes {
    private final int heldMax;
    private final MarkSet marks;
    private final Map<Lane.Key, Lane> lanes = new LinkedHashMap<>();
    private final Map<Lane.Key, Lane> withWaiting = new LinkedHashMap<>();
    private final Timers<Lane> backoffs = new Timers<>();
    private int held;

    Lanes(int heldMax, MarkSet marks) {
        this.heldMax = heldMax;
        this.marks = marks;
    }

    Lane of(Request request) {
        long address = request.to() == null ? request.address() : 0;
        return lanes.computeIfAbsent(new Lane.Key(request.caller(), request.to(), address), Lane::new);
    }

    /** The number of calls that wait. */
    int held() {
        return held;
    }

    /** Puts the call into its lane, in its place. Returns false if too many wait. */
    boolean hold(Flight flight) {
        if (held >= heldMax) {
            return false;
        }
        held++;
        Lane lane = flight.lane;
        lane.add(flight);
        withWaiting.putIfAbsent(lane.key, lane);
        marks.waits(flight.request.from());
        return true;
    }

    /** Takes the call out of its lane, if it waits there. */
    void release(Flight flight) {
        Lane lane = flight.lane;
        if (lane.remove(flight)) {
            held--;
            marks.waitsNoMore(flight.request.from());
            if (!lane.isWaiting()) {
                withWaiting.remove(lane.key);
            }
        }
    }

    /** The lanes in which something waits; a copy, since sending changes them. */
    List<Lane> withWaiting() {
        return List.copyOf(withWaiting.values());
    }

    void backOff(Lane lane, long untilNanos) {
        backoffs.set(lane, untilNanos);
    }

    /** A lane whose back-off is over, once; null if there is none. */
    @Nullable
    Lane pollBackoff(long nowNanos) {
        return backoffs.poll(nowNanos);
    }

    long nextBackoffNanos() {
        return backoffs.nextNanos();
    }

    void forgetIfIdle(Lane lane) {
        if (lane.isIdle() && lanes.remove(lane.key, lane)) {
            backoffs.cancel(lane);
        }
    }
}
