package dev.berth.core.cluster;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

// A persistent array of fan-out 32 for indexes 0..65,535 and beyond: an update copies one path (at most four short
// arrays) and shares the rest, so that thousands of successive views, and thousands of nodes that hold them, cost
// their differences.

/** An immutable sparse array with cheap updates. Any thread. */
public final class Trie<T> {
    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;
    private static final Trie<?> NOTHING = new Trie<>(new Object[WIDTH], 0, 0);

    private final @Nullable Object[] root;
    private final int height;
    private final int size;

    private Trie(@Nullable Object[] root, int height, int size) {
        this.root = root;
        this.height = height;
        this.size = size;
    }

    @SuppressWarnings("unchecked")
    public static <T> Trie<T> empty() {
        return (Trie<T>) NOTHING;
    }

    /** How many indexes hold a value. */
    public int size() {
        return size;
    }

    @SuppressWarnings("unchecked")
    public @Nullable T get(int index) {
        if (index < 0 || index >>> (BITS * (height + 1)) != 0) {
            return null;
        }
        @Nullable Object[] node = root;
        for (int level = height; level > 0; level--) {
            Object child = node[index >>> (BITS * level) & WIDTH - 1];
            if (child == null) {
                return null;
            }
            node = (@Nullable Object[]) child;
        }
        return (T) node[index & WIDTH - 1];
    }

    public Trie<T> with(int index, T value) {
        return put(index, value);
    }

    public Trie<T> without(int index) {
        return get(index) == null ? this : put(index, null);
    }

    private Trie<T> put(int index, @Nullable T value) {
        if (index < 0) {
            throw new IndexOutOfBoundsException(index);
        }
        @Nullable Object[] top = root;
        int levels = height;
        while (index >>> (BITS * (levels + 1)) != 0) {
            @Nullable Object[] taller = new Object[WIDTH];
            taller[0] = top;
            top = taller;
            levels++;
        }
        int change = (value == null ? 0 : 1) - (get(index) == null ? 0 : 1);
        return new Trie<>(copyPath(top, levels, index, value), levels, size + change);
    }

    private static @Nullable Object[] copyPath(
            @Nullable Object @Nullable [] node, int level, int index, @Nullable Object value) {
        @Nullable Object[] copy = node == null ? new Object[WIDTH] : Arrays.copyOf(node, WIDTH);
        int at = index >>> (BITS * level) & WIDTH - 1;
        copy[at] = level == 0 ? value : copyPath((@Nullable Object[]) copy[at], level - 1, index, value);
        return copy;
    }

    /** Calls {@code visitor} with every index and value, in the order of the indexes. */
    public void forEach(Visitor<? super T> visitor) {
        walk(root, height, 0, visitor);
    }

    @SuppressWarnings("unchecked")
    private void walk(@Nullable Object[] node, int level, int base, Visitor<? super T> visitor) {
        for (int i = 0; i < WIDTH; i++) {
            Object child = node[i];
            if (child == null) {
                continue;
            }
            int index = base | i << (BITS * level);
            if (level == 0) {
                visitor.visit(index, (T) child);
            } else {
                walk((@Nullable Object[]) child, level - 1, index, visitor);
            }
        }
    }

    /** An array of {@code size} values made by {@code maker} for the indexes 0 to {@code size - 1}. */
    public static <T> Trie<T> filled(int size, IntFunction<? extends T> maker) {
        Trie<T> all = empty();
        for (int i = 0; i < size; i++) {
            all = all.with(i, maker.apply(i));
        }
        return all;
    }

    /** Takes an index and its value. */
    @FunctionalInterface
    public interface Visitor<T> {
        void visit(int index, T value);
    }
}
