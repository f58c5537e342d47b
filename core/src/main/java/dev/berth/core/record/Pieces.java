package dev.berth.core.record;

import dev.berth.core.wire.Sink;

/** Where the elements of a set or a map begin and end, so that they can be put in the order of their bytes. One thread. */
final class Pieces {
    private final int[] starts;
    private final int[] keyStarts;
    private final int[] keyEnds;
    private final int[] ends;
    private int count;

    Pieces(int size) {
        starts = new int[size];
        keyStarts = new int[size];
        keyEnds = new int[size];
        ends = new int[size];
    }

    void add(int start, int keyStart, int keyEnd, int end) {
        if (count == starts.length) {
            throw new IllegalArgumentException("the collection grew while it was being written");
        }
        starts[count] = start;
        keyStarts[count] = keyStart;
        keyEnds[count] = keyEnd;
        ends[count++] = end;
    }

    void sort(Sink sink) {
        if (isSorted(sink)) {
            return;
        }
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        sort(sink, order, new int[count], 0, count);
        int[] sortedStarts = new int[count];
        int[] sortedEnds = new int[count];
        for (int i = 0; i < count; i++) {
            if (i > 0 && compare(sink, order[i - 1], order[i]) == 0) {
                throw new IllegalArgumentException("two keys or elements are the same on the wire");
            }
            sortedStarts[i] = starts[order[i]];
            sortedEnds[i] = ends[order[i]];
        }
        sink.reorder(sortedStarts, sortedEnds);
    }

    private boolean isSorted(Sink sink) {
        for (int i = 1; i < count; i++) {
            if (compare(sink, i - 1, i) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Merge sort of numbers without boxes; most maps have a few entries. */
    private void sort(Sink sink, int[] order, int[] spare, int from, int to) {
        if (to - from < 2) {
            return;
        }
        int middle = (from + to) >>> 1;
        sort(sink, order, spare, from, middle);
        sort(sink, order, spare, middle, to);
        System.arraycopy(order, from, spare, from, middle - from);
        int left = from;
        int right = middle;
        for (int i = from; left < middle; i++) {
            boolean takeRight = right < to && compare(sink, order[right], spare[left]) < 0;
            order[i] = takeRight ? order[right++] : spare[left++];
        }
    }

    private int compare(Sink sink, int one, int other) {
        return sink.compare(keyStarts[one], keyEnds[one], keyStarts[other], keyEnds[other]);
    }
}
