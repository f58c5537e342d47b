package dev.berth.core.wire;

import dev.berth.core.wire.WireException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Bytes that values are read from, with an end that moves in and out with nesting. One thread. */
public final class Source {
    private static final int SHOWN_MAX = 16;

    public static final int VARINT = 0;
    public static final int FIXED64 = 1;
    public static final int CHUNK = 2;
    static final int GROUP = 3;
    static final int GROUP_END = 4;
    static final int FIXED32 = 5;

    private static final byte[] NOTHING = {};

    private final Limits limits;
    private byte[] bytes = NOTHING;
    private int at;
    private int end;
    private int depth;
    private int elements;

    public Source(Limits limits) {
        this.limits = limits;
    }

    /** Begins a new message. */
    void reset(byte[] newBytes, int from, int to) {
        bytes = newBytes;
        at = from;
        end = to;
        depth = 0;
        elements = limits.elementsMax();
    }

    /** Begins a new message that is all of the bytes. */
    public void reset(Bytes all) throws WireException {
        if (all.length() > limits.frameMax()) {
            throw new WireException(Kind.OVERSIZED, all.length() + " bytes, at most " + limits.frameMax());
        }
        reset(all.array(), 0, all.length());
    }

    /** Lets go of the bytes, so that a reader which waits for the next message keeps nothing of the last. */
    void release() {
        bytes = NOTHING;
    }

    /** Whether the value at hand has not been read to its end. */
    public boolean more() {
        return at < end;
    }

    /** Counts something that decoding creates. */
    public void count() throws WireException {
        count(1);
    }

    /** Counts something as large as so many elements. */
    public void count(int weight) throws WireException {
        elements -= weight;
        if (elements < 0) {
            throw new WireException(
                    Kind.OVERSIZED, "more than " + limits.elementsMax() + " records and elements in one message");
        }
    }

    /** Steps into a value with a length of its own; returns what {@link #leave} needs. */
    public int enter() throws WireException {
        int length = length();
        if (++depth > limits.depthMax()) {
            throw new WireException(Kind.OVERSIZED, "more than " + limits.depthMax() + " levels of nesting");
        }
        count();
        int outer = end;
        end = at + length;
        return outer;
    }

    /** Steps out again. */
    public void leave(int outer) {
        depth--;
        end = outer;
    }

    /** The tag of the next field; its number is at least 1. */
    public int tag() throws WireException {
        long tag = varint();
        if (tag < 8 || tag > 0xffff_ffffL) {
            throw new WireException(Kind.MALFORMED, "no field has the tag " + Long.toUnsignedString(tag));
        }
        return (int) tag;
    }

    /** A field is of one wire type. */
    public static void require(int wireType, int expected) throws WireException {
        if (wireType != expected) {
            throw new WireException(
                    Kind.MALFORMED, "the field has the wire type " + wireType + ", expected " + expected);
        }
    }

    /** A number in zigzag. */
    public long number() throws WireException {
        return Scalar.Primitive.LONG.decode(varint());
    }

    int at() {
        return at;
    }

    int end() {
        return end;
    }

    void jump(int to) {
        at = to;
    }

    byte byteAt(int index) {
        return bytes[index];
    }

    boolean holds(byte[] expected, int from, int to) {
        return Arrays.equals(expected, 0, expected.length, bytes, from, to);
    }

    byte[] copy(int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    /** Passes over these four bytes, the lowest first, if it is they that come next. */
    public boolean passIf(int four) {
        if (end - at >= 4 && (int) Sink.LITTLE_INT.get(bytes, at) == four) {
            at += 4;
            return true;
        }
        return false;
    }

    public long varint() throws WireException {
        if (at < end) {
            byte first = bytes[at];
            if (first >= 0) {
                at++;
                return first;
            }
        }
        return longVarint();
    }

    private long longVarint() throws WireException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= end) {
                throw new WireException(Kind.TRUNCATED, "the bytes end inside a number");
            }
            byte next = bytes[at++];
            if (shift == 63 && (next & 0xfe) != 0) {
                break;
            }
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new WireException(Kind.MALFORMED, "a number has more than 64 bits");
    }

    /** 64 bits, the lowest byte first. */
    public long fixed64() throws WireException {
        int from = at;
        pass(8);
        return (long) Sink.LITTLE_LONG.get(bytes, from);
    }

    /** What the text stands for that comes next; null, and it is still to be read, if it is none of these. */
    public <T> @Nullable T known(Lexicon<T> lexicon) throws WireException {
        int before = at;
        int length = length();
        T found = lexicon.find(bytes, at, length);
        if (found == null) {
            at = before;
            return null;
        }
        at += length;
        count();
        return found;
    }

    public String text(int max) throws WireException {
        int length = bounded(max, "bytes of text");
        if (length == 0) {
            return "";
        }
        int from = at;
        at += length;
        for (int i = from; i < at; i++) {
            if (bytes[i] < 0) {
                return unicode(from, length);
            }
        }
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }

    private String unicode(int from, int length) throws WireException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
        } catch (CharacterCodingException e) {
            String shown = HexFormat.of().formatHex(bytes, from, from + Math.min(length, SHOWN_MAX));
            throw new WireException(Kind.MALFORMED, "not UTF-8: " + shown);
        }
    }

    /** Bytes, their length in front. */
    public Bytes raw(int max) throws WireException {
        int length = bounded(max, "bytes");
        byte[] copy = new byte[length];
        System.arraycopy(bytes, at, copy, 0, length);
        at += length;
        return Bytes.wrap(copy);
    }

    private int bounded(int max, String what) throws WireException {
        int length = length();
        if (length > max) {
            throw new WireException(Kind.OVERSIZED, length + " " + what + ", at most " + max);
        }
        count();
        return length;
    }

    private int length() throws WireException {
        long length = varint();
        if (length < 0 || length > end - at) {
            throw new WireException(
                    Kind.TRUNCATED,
                    Long.toUnsignedString(length) + " bytes are announced, " + (end - at) + " are there");
        }
        return (int) length;
    }

    /** Passes over the value of an unknown field. */
    public void skip(int tag) throws WireException {
        switch (tag & 7) {
            case VARINT -> varint();
            case FIXED64 -> pass(8);
            case CHUNK -> pass(length());
            case GROUP -> skipGroup(tag >>> 3);
            case FIXED32 -> pass(4);
            default ->
                throw new WireException(
                        Kind.MALFORMED, "unknown field " + (tag >>> 3) + " has the wire type " + (tag & 7));
        }
    }

    private void skipGroup(int number) throws WireException {
        if (++depth > limits.depthMax()) {
            throw new WireException(Kind.OVERSIZED, "more than " + limits.depthMax() + " levels of nesting");
        }
        int tag = tag();
        while ((tag & 7) != GROUP_END) {
            skip(tag);
            tag = tag();
        }
        if (tag >>> 3 != number) {
            throw new WireException(Kind.MALFORMED, "group " + number + " ends as group " + (tag >>> 3));
        }
        depth--;
    }

    private void pass(int count) throws WireException {
        if (count > end - at) {
            throw new WireException(Kind.TRUNCATED, count + " bytes are to come, " + (end - at) + " are there");
        }
        at += count;
    }
}
