package dev.berth.lab.sim.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

// A heap of fan-out four over parallel arrays: the keys are primitives, so that sifting touches no object, and a
// level costs one cache line. Two events due at the same nanosecond fire in the order in which they were entered.

/** What is still to happen, in the order of virtual time. One thread. */
public final class Agenda {
    private static final int FAN = 4;

    private long[] due = new long[1_024];
    private long[] order = new long[1_024];
    private @Nullable Event[] events = new Event[1_024];
    private int size;
    private long entered;
    private long fired;
    private long now;

    /** Virtual time: nanoseconds since the world began. */
    public long now() {
        return now;
    }

    /** How many events have fired. */
    public long fired() {
        return fired;
    }

    public int size() {
        return size;
    }

    /** When the next event is due; {@link Long#MAX_VALUE} if there is none. */
    public long nextDue() {
        return size == 0 ? Long.MAX_VALUE : due[0];
    }

    public void in(long delayNanos, Event event) {
        at(now + delayNanos, event);
    }

    public void at(long when, Event event) {
        if (when < now) {
            throw new IllegalArgumentException("an event at " + when + "ns would lie before now, " + now + "ns");
        }
        if (size == due.length) {
            grow();
        }
        siftUp(size++, when, entered++, event);
    }

    /** Fires the next event; false if there is none. */
    public boolean step() {
        if (size == 0) {
            return false;
        }
        Event event = events[0];
        now = due[0];
        fired++;
        removeFirst();
        if (event != null) {
            event.fire();
        }
        return true;
    }

    /** Lets time pass to an instant before which nothing is due. */
    public void passTo(long when) {
        if (when < now || when > nextDue()) {
            throw new IllegalArgumentException(
                    "cannot pass to " + when + "ns: now " + now + "ns, next event " + nextDue() + "ns");
        }
        now = when;
    }

    private void removeFirst() {
        size--;
        long lastDue = due[size];
        long lastOrder = order[size];
        Event lastEvent = events[size];
        events[size] = null;
        if (size > 0) {
            siftDown(lastDue, lastOrder, lastEvent);
        }
    }

    private void siftUp(int from, long when, long number, Event event) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) / FAN;
            if (due[parent] <= when) {
                break;
            }
            move(parent, at);
            at = parent;
        }
        put(at, when, number, event);
    }

    private void siftDown(long when, long number, @Nullable Event event) {
        int at = 0;
        while (true) {
            int first = at * FAN + 1;
            if (first >= size) {
                break;
            }
            int least = first;
            int end = Math.min(first + FAN, size);
            for (int child = first + 1; child < end; child++) {
                if (due[child] < due[least] || (due[child] == due[least] && order[child] < order[least])) {
                    least = child;
                }
            }
            if (when < due[least] || (when == due[least] && number < order[least])) {
                break;
            }
            move(least, at);
            at = least;
        }
        put(at, when, number, event);
    }

    private void move(int from, int to) {
        due[to] = due[from];
        order[to] = order[from];
        events[to] = events[from];
    }

    private void put(int at, long when, long number, @Nullable Event event) {
        due[at] = when;
        order[at] = number;
        events[at] = event;
    }

    private void grow() {
        int length = due.length * 2;
        due = Arrays.copyOf(due, length);
        order = Arrays.copyOf(order, length);
        events = Arrays.copyOf(events, length);
    }
}
