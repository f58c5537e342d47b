package dev.berth.core.machine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

// Most timers of a busy node are deadlines that are never reached, and most are due after all that were set before.
// Those stand in a line, which costs a link; whatever is due earlier than the end of the line goes into a binary heap
// whose elements know their own place. Either way one that is no longer needed leaves at once. Equal times go by the
// order of setting, so every run is the same run.

/** Timers in the order in which they are due. One owner. */
public final class Timers<T extends Timers.Timer> {
    private static final int NOWHERE = -1;
    private static final int IN_LINE = -2;

    private @Nullable Timer[] heap = new Timer[16];
    private int size;
    private @Nullable Timer first;
    private @Nullable Timer last;
    private int inLine;
    private long set;

    /** Something that is due at a time; in at most one {@link Timers} at once. */
    public abstract static class Timer {
        private long dueNanos;
        private long order;
        private int place = NOWHERE;
        private @Nullable Timer before;
        private @Nullable Timer after;

        public final boolean isSet() {
            return place != NOWHERE;
        }

        public final long dueNanos() {
            return dueNanos;
        }

        private boolean isBefore(Timer other) {
            return dueNanos != other.dueNanos ? dueNanos < other.dueNanos : order < other.order;
        }
    }

    public int size() {
        return size + inLine;
    }

    /** Sets the timer, or sets it anew. */
    public void set(T timer, long dueNanos) {
        cancel(timer);
        Timer entry = timer;
        entry.dueNanos = dueNanos;
        entry.order = set++;
        if (last == null || dueNanos >= last.dueNanos) {
            queue(entry);
            return;
        }
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        size++;
        rise(entry, size - 1);
    }

    /** Takes the timer out, if it is in. */
    public void cancel(T timer) {
        Timer entry = timer;
        if (entry.place == IN_LINE) {
            leave(entry);
        } else if (entry.place != NOWHERE) {
            remove(entry);
        }
    }

    private void queue(Timer entry) {
        entry.place = IN_LINE;
        entry.before = last;
        if (last == null) {
            first = entry;
        } else {
            last.after = entry;
        }
        last = entry;
        inLine++;
    }

    private void leave(Timer entry) {
        Timer before = entry.before;
        Timer after = entry.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
        }
        entry.before = null;
        entry.after = null;
        entry.place = NOWHERE;
        inLine--;
    }

    private void remove(Timer entry) {
        int place = entry.place;
        entry.place = NOWHERE;
        size--;
        Timer moved = at(size);
        heap[size] = null;
        if (place < size) {
            sink(moved, place);
            rise(moved, moved.place);
        }
    }

    /** The first timer that is due at {@code nowNanos}, taken out; null if there is none. */
    @SuppressWarnings("unchecked")
    public @Nullable T poll(long nowNanos) {
        Timer next = next();
        if (next == null || next.dueNanos > nowNanos) {
            return null;
        }
        T due = (T) next;
        cancel(due);
        return due;
    }

    /** When the first timer is due; {@link Machine#NEVER} if there is none. */
    public long nextNanos() {
        Timer next = next();
        return next == null ? Machine.NEVER : next.dueNanos;
    }

    private @Nullable Timer next() {
        Timer head = first;
        if (size == 0) {
            return head;
        }
        Timer top = at(0);
        return head != null && head.isBefore(top) ? head : top;
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
