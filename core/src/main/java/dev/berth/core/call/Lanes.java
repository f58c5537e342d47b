package dev.berth.core.call;

import dev.berth.core.cluster.SlotId;
import dev.berth.core.machine.Timers;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

// Nobody ever goes through all lanes, so a table of chains by hash is as good as sorted for every run to be the same.

/** The lanes in use, and the calls that wait in them. One owner. */
final class Lanes {
    private final int heldMax;
    private final MarkSet marks;
    private @Nullable Lane[] places = new Lane[64];
    private int size;
    private final SequencedSet<Lane> withWaiting = new LinkedHashSet<>();
    private final Timers<Lane> backoffs = new Timers<>();
    private int held;

    Lanes(int heldMax, MarkSet marks) {
        this.heldMax = heldMax;
        this.marks = marks;
    }

    Lane of(Request request) {
        long address = request.to() == null ? request.address() : 0;
        int hash = hash(request.caller(), request.to(), address);
        for (Lane lane = places[hash & places.length - 1]; lane != null; lane = lane.beside) {
            if (lane.is(request.caller(), request.to(), address)) {
                return lane;
            }
        }
        Lane lane = new Lane(request.caller(), request.to(), address, hash);
        if (size == places.length) {
            grow();
        }
        put(lane);
        size++;
        return lane;
    }

    private static int hash(long caller, @Nullable SlotId slot, long address) {
        long mixed = 31 * (caller + 31 * address)
                + (slot == null ? 0 : 31 * slot.service().hashCode() + slot.number());
        return Long.hashCode(mixed * 0x9e3779b97f4a7c15L);
    }

    private void put(Lane lane) {
        int place = lane.hash & places.length - 1;
        lane.beside = places[place];
        places[place] = lane;
    }

    private void grow() {
        @Nullable Lane[] old = places;
        places = new Lane[2 * old.length];
        for (Lane chain : old) {
            for (Lane lane = chain; lane != null; ) {
                Lane next = lane.beside;
                put(lane);
                lane = next;
            }
        }
    }

    private boolean remove(Lane lane) {
        int place = lane.hash & places.length - 1;
        Lane before = null;
        for (Lane each = places[place]; each != null; each = each.beside) {
            if (each == lane) {
                if (before == null) {
                    places[place] = lane.beside;
                } else {
                    before.beside = lane.beside;
                }
                lane.beside = null;
                size--;
                return true;
            }
            before = each;
        }
        return false;
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
        withWaiting.add(lane);
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
                withWaiting.remove(lane);
            }
        }
    }

    /** The lanes in which something waits; a copy, since sending changes them. */
    List<Lane> withWaiting() {
        return List.copyOf(withWaiting);
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
        if (lane.isIdle() && remove(lane)) {
            backoffs.cancel(lane);
        }
    }
}
