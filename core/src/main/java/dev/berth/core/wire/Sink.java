package dev.berth.core.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

// A nested value is preceded by its length, which is known only afterwards. One byte is kept free for it, which is
// enough below 128 bytes; a longer value is moved up a little. That is cheaper than measuring every value before
// writing it.

/** A growable array of bytes that values are written to. One thread. */
public final class Sink {
    /** The lowest bits of the tag of what has a length of its own; those of a number are 0. */
    public static final int CHUNK = Source.CHUNK;

    static final VarHandle LITTLE_INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LITTLE_LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int FIRST = 256;
    private static final int KEPT_MAX_WHEN_EMPTY = 1 << 17;

    private byte[] bytes = new byte[FIRST];
    private int size;

    public int size() {
        return size;
    }

    /** Forgets everything after the first {@code newSize} bytes. */
    public void truncate(int newSize) {
        size = newSize;
    }

    /** All bytes written; the sink is empty afterwards. */
    public byte[] take() {
        byte[] taken = Arrays.copyOf(bytes, size);
        size = 0;
        return taken;
    }

    /** A copy of the bytes written last. */
    byte[] last(int count) {
        return Arrays.copyOfRange(bytes, size - count, size);
    }

    /** The same into a buffer, which must have room for all of it. */
    void drain(ByteBuffer target) {
        target.put(bytes, 0, size);
        size = 0;
        if (bytes.length > KEPT_MAX_WHEN_EMPTY) {
            bytes = new byte[FIRST];
        }
    }

    public void varint(long raw) {
        room(10);
        size = putVarint(raw, size);
    }

    /** Writes a field's tag and its varint. */
    public void scalar(int tag, long raw) {
        room(15);
        size = putVarint(raw, putVarint(tag, size));
    }

    /** Writes a field's tag and its number, unless that is 0. */
    public void number(int tag, long value) {
        if (value != 0) {
            scalar(tag, Scalar.Primitive.LONG.encode(value));
        }
    }

    /** Writes a field's tag and its bytes, unless there are none. */
    public void bytes(int tag, Bytes value) {
        if (value.length() > 0) {
            int start = begin(tag);
            raw(value);
            end(start);
        }
    }

    /** Writes 32 bits, the lowest byte first. */
    public void fixed32(int bits) {
        room(4);
        LITTLE_INT.set(bytes, size, bits);
        size += 4;
    }

    /** Writes 64 bits, the lowest byte first. */
    public void fixed64(long bits) {
        room(8);
        LITTLE_LONG.set(bytes, size, bits);
        size += 8;
    }

    /** Writes a tag, keeps a byte free for the length, and returns where the value begins. */
    public int begin(int tag) {
        room(6);
        size = putVarint(tag, size) + 1;
        return size;
    }

    /** The same with a tag that is already four bytes, the lowest first. */
    public int beginFixed(int tag) {
        fixed32(tag);
        room(1);
        return ++size;
    }

    /** Fills in the length of the value that began at {@code start}. */
    public void end(int start) {
        int length = size - start;
        if (length < 128) {
            bytes[start - 1] = (byte) length;
            return;
        }
        int more = varintSize(length) - 1;
        room(more);
        System.arraycopy(bytes, start, bytes, start + more, length);
        putVarint(length, start - 1);
        size += more;
    }

    /** Writes a text without its length. */
    public void text(String text) {
        int length = text.length();
        room(length);
        int at = size;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                refuseHalfPairs(text);
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                room(utf8.length);
                System.arraycopy(utf8, 0, bytes, size, utf8.length);
                size += utf8.length;
                return;
            }
            bytes[at++] = (byte) c;
        }
        size = at;
    }

    public void raw(Bytes value) {
        room(value.length());
        value.copyTo(bytes, size);
        size += value.length();
    }

    public void raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    /** Writes the low {@code count} bytes of a number, the highest first. */
    public void bigEndian(long value, int count) {
        room(count);
        putBigEndian(value, count, size);
        size += count;
    }

    void putBigEndian(long value, int count, int at) {
        for (int i = count - 1; i >= 0; i--) {
            bytes[at + i] = (byte) (value >>> (8 * (count - 1 - i)));
        }
    }

    /** Compares what stands between two places with what stands between two others: unsigned bytes, shorter first. */
    public int compare(int from, int to, int otherFrom, int otherTo) {
        return Arrays.compareUnsigned(bytes, from, to, bytes, otherFrom, otherTo);
    }

    /**
     * Puts pieces into another order.
     *
     * @param starts where each piece begins, in the new order
     * @param ends where it ends; together they are all that was written since the first
     */
    public void reorder(int[] starts, int[] ends) {
        int first = size;
        for (int start : starts) {
            first = Math.min(first, start);
        }
        byte[] sorted = new byte[size - first];
        int at = 0;
        for (int i = 0; i < starts.length; i++) {
            System.arraycopy(bytes, starts[i], sorted, at, ends[i] - starts[i]);
            at += ends[i] - starts[i];
        }
        System.arraycopy(sorted, 0, bytes, first, at);
    }

    private int putVarint(long raw, int at) {
        long rest = raw;
        int next = at;
        while ((rest & ~0x7fL) != 0) {
            bytes[next++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[next++] = (byte) rest;
        return next;
    }

    private static int varintSize(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), (int)
                    Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
        }
    }

    private static void refuseHalfPairs(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new IllegalArgumentException("half a surrogate pair at " + i + " cannot be written as UTF-8");
            }
        }
    }
}
