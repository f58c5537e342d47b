package dev.berth.core.entity;

import dev.berth.core.call.OperationId;
import dev.berth.core.wire.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

// An entity that is called every second remembers hundreds, and a node has tens of thousands of those; as objects they
// would be most of its memory. Most say: the same client, a number a little higher, a little later, and no answer.

/** What was answered lately, the earliest first, each in what it differs from the one before: six bytes or so. One owner. */
final class AnswerQueue {
    private static final int OTHER_CLIENT = 1;
    private static final int HAS_ANSWER = 2;
    /** Most bytes of one, beside its answer. */
    private static final int ENTRY_MAX = 1 + 10 + 10 + 10 + 5;

    private static final int LEAST = 32;

    private byte[] bytes = new byte[0];
    private int head;
    private int tail;
    private int size;
    /** What the first is told from, and what the next will be. */
    private final Place first = new Place();

    private final Place last = new Place();

    /** The operation at one place of the queue, or before its first. */
    private static final class Place {
        private long client;
        private long counter;
        private long atMillis;

        private void is(Place other) {
            client = other.client;
            counter = other.counter;
            atMillis = other.atMillis;
        }
    }

    int size() {
        return size;
    }

    void add(Remembered operation) {
        int length = operation.answer().length();
        room(ENTRY_MAX + length);
        long client = operation.id().client();
        boolean other = client != last.client;
        bytes[tail++] = (byte) ((other ? OTHER_CLIENT : 0) | (length > 0 ? HAS_ANSWER : 0));
        if (other) {
            write(client - last.client);
        }
        write(operation.id().counter() - last.counter);
        write(operation.atMillis() - last.atMillis);
        if (length > 0) {
            write(length);
            operation.answer().copyTo(bytes, tail);
            tail += length;
        }
        last.client = client;
        last.counter = operation.id().counter();
        last.atMillis = operation.atMillis();
        size++;
    }

    private void room(int wanted) {
        if (bytes.length - tail < wanted) {
            int used = tail - head;
            byte[] next = new byte[Math.max(LEAST, used + wanted + used / 2)];
            System.arraycopy(bytes, head, next, 0, used);
            bytes = next;
            head = 0;
            tail = used;
        }
    }

    /** Small ones of either sign in few bytes. */
    private void write(long value) {
        long left = value << 1 ^ value >> 63;
        while ((left & ~0x7fL) != 0) {
            bytes[tail++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[tail++] = (byte) left;
    }

    /** The earliest; null if there is none. */
    @Nullable
    Remembered peek() {
        return size == 0 ? null : new Cursor().next();
    }

    void poll() {
        Cursor cursor = new Cursor();
        cursor.skip();
        head = cursor.at;
        first.is(cursor.place);
        size--;
    }

    /** The newest answer to it; null if it is not here. */
    @Nullable
    Bytes find(OperationId operation) {
        Cursor cursor = new Cursor();
        Bytes found = null;
        for (int i = 0; i < size; i++) {
            int answer = cursor.skip();
            if (cursor.place.counter == operation.counter() && cursor.place.client == operation.client()) {
                found = cursor.answer(answer);
            }
        }
        return found;
    }

    List<Remembered> all() {
        List<Remembered> all = new ArrayList<>(size);
        Cursor cursor = new Cursor();
        for (int i = 0; i < size; i++) {
            all.add(cursor.next());
        }
        return all;
    }

    /** Goes through it from the earliest on. */
    private final class Cursor {
        private final Place place = new Place();
        private int at = head;

        Cursor() {
            place.is(first);
        }

        /** Behind the next one; how many bytes its answer had, which end there. */
        int skip() {
            int flags = bytes[at++];
            if ((flags & OTHER_CLIENT) != 0) {
                place.client += read();
            }
            place.counter += read();
            place.atMillis += read();
            int length = (flags & HAS_ANSWER) == 0 ? 0 : (int) read();
            at += length;
            return length;
        }

        Remembered next() {
            int length = skip();
            return new Remembered(new OperationId(place.client, place.counter), answer(length), place.atMillis);
        }

        Bytes answer(int length) {
            return Bytes.wrap(Arrays.copyOfRange(bytes, at - length, at));
        }

        private long read() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = bytes[at++];
                value |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return value >>> 1 ^ -(value & 1);
                }
            }
        }
    }
}
