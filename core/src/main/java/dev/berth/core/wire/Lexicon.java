package dev.berth.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Texts that are known beforehand and what they stand for, found among bytes without making a text of them. Any thread. */
public final class Lexicon<T> {
    private static final int PRIME = 31;

    private final byte[][] words;
    private final @Nullable Object[] values;

    public Lexicon(Map<String, T> entries) {
        int size = Integer.highestOneBit(2 * entries.size() + 1) << 1; // at most half full, so a search ends
        words = new byte[size][];
        values = new @Nullable Object[size];
        Arrays.fill(words, new byte[0]);
        entries.forEach((word, value) -> {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            int at = hash(bytes, 0, bytes.length) & (size - 1);
            while (values[at] != null) {
                at = (at + 1) & (size - 1);
            }
            words[at] = bytes;
            values[at] = value;
        });
    }

    /** What a text stands for that is one already. */
    public Optional<T> find(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        return Optional.ofNullable(find(bytes, 0, bytes.length));
    }

    @SuppressWarnings("unchecked")
    @Nullable
    T find(byte[] bytes, int from, int length) {
        int mask = words.length - 1;
        int at = hash(bytes, from, length) & mask;
        while (values[at] != null) {
            byte[] word = words[at];
            if (Arrays.equals(word, 0, word.length, bytes, from, from + length)) {
                return (T) values[at];
            }
            at = (at + 1) & mask;
        }
        return null;
    }

    private static int hash(byte[] bytes, int from, int length) {
        int hash = length;
        for (int i = from; i < from + length; i++) {
            hash = PRIME * hash + bytes[i];
        }
        return hash ^ hash >>> 15;
    }
}
