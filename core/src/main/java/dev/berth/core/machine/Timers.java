package dev.berth.core.machine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

// A binary heap whose elements know their own place, so that one that is no longer needed leaves at once: most timers
// of a busy node are deadlines that are never reached. Equal times go by the order of setting, so every run is the
// same run.

/** Timers in the order in which they are due. One owner. */
public final class Timers<T extends Timers.Timer> {
    private @Nullable Timer[] heap = new Timer[16];
    private int size;
    private long set;

    /** Something that is due at a time; in at most one {@link Timers} at once. */
    public abstract static class Timer {
        private long dueNanos;
        private long order;
        private int place = -1;

        public final boolean isSet() {
            return place >= 0;
        }

        public final long dueNanos() {
            return dueNanos;
        }

        private boolean isBefore(Timer other) {
            return dueNanos != other.dueNanos ? dueNanos < other.dueNanos : order < other.order;
        }
    }

    public int size() {
        return size;
    }

    /** Sets the timer, or sets it anew. */
    public void set(T timer, long dueNanos) {
        cancel(timer);
        Timer entry = timer;
        entry.dueNanos = dueNanos;
        entry.order = set++;
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        size++;
        rise(entry, size - 1);
    }

    /** Takes the timer out, if it is in. */
    public void cancel(T timer) {
        Timer entry = timer;
        if (entry.place < 0) {
            return;
        }
        int place = entry.place;
        entry.place = -1;
        size--;
        Timer last = at(size);
        heap[size] = null;
        if (place < size) {
            sink(last, place);
            rise(last, last.place);
        }
    }

    /** The first timer that is due at {@code nowNanos}, taken out; null if there is none. */
    @SuppressWarnings("unchecked")
    public @Nullable T poll(long nowNanos) {
        if (size == 0 || at(0).dueNanos > nowNanos) {
            return null;
        }
        T first = (T) at(0);
        cancel(first);
        return first;
    }

    /** When the first timer is due; {@link Machine#NEVER} if there is none. */
    public long nextNanos() {
        return size == 0 ? Machine.NEVER : at(0).dueNanos;
    }

    private void rise(Timer entry, int from) {
        int place = from;
        while (place > 0 && entry.isBefore(at((place - 1) / 2))) {
            put(at((place - 1) / 2), place);
            place = (place - 1) / 2;
        }
        put(entry, place);
    }

    private void sink(Timer entry, int from) {
        int place = from;
        while (2 * place + 1 < size) {
            int child = 2 * place + 1;
            if (child + 1 < size && at(child + 1).isBefore(at(child))) {
                child++;
            }
            if (!at(child).isBefore(entry)) {
                break;
            }
            put(at(child), place);
            place = child;
        }
        put(entry, place);
    }

    private void put(Timer entry, int place) {
        heap[place] = entry;
        entry.place = place;
    }

    private Timer at(int place) {
        Timer entry = heap[place];
        if (entry == null) {
            throw new IllegalStateException("no timer at place " + place + " of " + size);
        }
        return entry;
    }
}
