package dev.berth.core.entity;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Field;
import java.util.ArrayList;
import java.util.List;

// Small changes of large states are the rule: a hand of cards goes on, one number is another one. What is between two
// encodings is found without knowing what they mean, so every change of a record's form is a change like any other.

/**
 * A change of bytes: the {@code cut} bytes at {@code at} give way to others. Any thread.
 *
 * @param at a place in the bytes before the change
 */
public record Splice(
        @Field(1) int at,
        @Field(2) int cut,
        @Field(value = 3, max = EntityLimits.STATE_MAX) Bytes put) {
    /** Equal bytes between two differences that cost less than another splice. */
    private static final int NEAR = 12;
    /** So many places of one change; with more of them it is one large place. */
    static final int PLACES_MAX = 1_000;

    public Splice {
        if (at < 0 || cut < 0) {
            throw new IllegalArgumentException("a splice of " + cut + " bytes at " + at);
        }
    }

    /** What makes the one of the other, in the order of places. */
    public static List<Splice> between(Bytes before, Bytes after) {
        int shorter = Math.min(before.length(), after.length());
        int start = 0;
        while (start < shorter && before.at(start) == after.at(start)) {
            start++;
        }
        int tail = 0;
        while (tail < shorter - start && before.at(before.length() - 1 - tail) == after.at(after.length() - 1 - tail)) {
            tail++;
        }
        int end = before.length() - tail;
        if (before.length() == after.length()) {
            return alike(before, after, start, end);
        }
        return List.of(new Splice(start, end - start, part(after, start, after.length() - tail)));
    }

    /** Of the same length: several places may differ. */
    private static List<Splice> alike(Bytes before, Bytes after, int from, int end) {
        List<Splice> splices = new ArrayList<>();
        int start = from;
        while (start < end) {
            if (splices.size() == PLACES_MAX) {
                return List.of(new Splice(from, end - from, part(after, from, end)));
            }
            int last = start;
            for (int i = start; i < end && i - last <= NEAR; i++) {
                if (before.at(i) != after.at(i)) {
                    last = i;
                }
            }
            splices.add(new Splice(start, last + 1 - start, part(after, start, last + 1)));
            start = last + 1;
            while (start < end && before.at(start) == after.at(start)) {
                start++;
            }
        }
        return splices;
    }

    private static Bytes part(Bytes of, int from, int to) {
        byte[] part = new byte[to - from];
        for (int i = 0; i < part.length; i++) {
            part[i] = of.at(from + i);
        }
        return Bytes.wrap(part);
    }

    /** The bytes after the change; an IllegalArgumentException if these are not the bytes that were before it. */
    public static Bytes apply(Bytes before, List<Splice> splices) {
        int length = before.length();
        for (Splice splice : splices) {
            length += splice.put.length() - splice.cut;
        }
        byte[] old = before.toArray();
        byte[] after = new byte[Math.max(0, length)];
        int read = 0;
        int written = 0;
        for (Splice splice : splices) {
            int keep = splice.at - read;
            if (keep < 0 || splice.at + splice.cut > old.length) {
                throw new IllegalArgumentException(
                        splice + " does not fit " + before + " of which " + read + " are done");
            }
            System.arraycopy(old, read, after, written, keep);
            splice.put.copyTo(after, written + keep);
            read = splice.at + splice.cut;
            written += keep + splice.put.length();
        }
        System.arraycopy(old, read, after, written, old.length - read);
        return Bytes.wrap(after);
    }
}
