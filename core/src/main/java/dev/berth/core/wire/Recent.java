package dev.berth.core.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

// Messages name the same few slots again and again. The same bytes mean the same value, so a value decoded lately is
// handed out once more: no check, no objects.

/**
 * Nested values that have been read lately, by their bytes; at most 64 of at most 96 bytes. One thread.
 *
 * @param <T> an immutable type
 */
public final class Recent<T> {
    private static final int PLACES = 64;
    private static final int SIZE_MAX = 96;

    private final Codec<T> codec;
    private final byte[][] keys = new byte[PLACES][];
    private final @Nullable Object[] values = new @Nullable Object[PLACES];

    public Recent(Codec<T> codec) {
        this.codec = codec;
        Arrays.fill(keys, new byte[0]);
    }

    /** Reads a nested value, its length in front. */
    @SuppressWarnings("unchecked") // only what the codec has read is kept
    public T read(Source in) throws WireException {
        int outer = in.enter();
        int from = in.at();
        int to = in.end();
        int place = place(in, from, to);
        byte[] key = keys[place];
        Object known = values[place];
        T value;
        if (known != null && in.holds(key, from, to)) {
            in.jump(to);
            value = (T) known;
        } else {
            value = codec.readRest(in);
            if (to - from <= SIZE_MAX) {
                keys[place] = in.copy(from, to);
                values[place] = value;
            }
        }
        in.leave(outer);
        return value;
    }

    /** By the last bytes, where the numbers are in which slots differ. */
    private static int place(Source in, int from, int to) {
        int hash = 0;
        for (int at = Math.max(from, to - 8); at < to; at++) {
            hash = 31 * hash + in.byteAt(at);
        }
        return (hash ^ hash >>> 6) & PLACES - 1;
    }
}
