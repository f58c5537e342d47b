package dev.berth.core.wire;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which messages a link understands: frame type to record. Any thread.
 *
 * @param <M> what all of them are
 */
public final class Catalog<M> {
    /** A frame type is two bytes; the codec keeps a table as long as the highest one in use. */
    public static final int TYPE_MAX = 1_000;

    private final SortedMap<Integer, Class<?>> types = new TreeMap<>();
    private final Map<Class<?>, RecordCodec> byClass = new LinkedHashMap<>();
    private final @Nullable RecordCodec[] byType = new @Nullable RecordCodec[TYPE_MAX + 1];
    private final List<Class<? extends M>> openings;

    private Catalog(List<Class<? extends M>> openings) {
        this.openings = List.copyOf(openings);
    }

    /** All records of a sealed interface, by their {@link Code}. */
    public static <M> Catalog<M> of(Class<M> sealed) {
        return of(List.of(sealed));
    }

    /** All records of several sealed interfaces, and single records. */
    public static <M> Catalog<M> of(List<Class<? extends M>> sealed) {
        return of(sealed, List.of());
    }

    /** The same, with a faster way for some of them. */
    public static <M> Catalog<M> of(List<Class<? extends M>> sealed, List<Shortcut<?>> shortcuts) {
        Catalog<M> catalog = new Catalog<>(List.of());
        Schema schema = new Schema();
        for (Class<?> root : sealed) {
            for (Class<?> type : root.isRecord() ? List.of(root) : Cases.of(root)) {
                catalog.add(type, schema.record(type));
            }
        }
        shortcuts.forEach(shortcut -> catalog.codecOf(shortcut.type()).shorten(shortcut));
        return catalog;
    }

    private void add(Class<?> type, RecordCodec codec) {
        int code = codec.code();
        if (code < 1 || code > TYPE_MAX) {
            throw new IllegalArgumentException(
                    type.getName() + " needs a @Code between 1 and " + TYPE_MAX + ", got " + code);
        }
        Class<?> known = types.putIfAbsent(code, type);
        if (known != null) {
            throw new IllegalArgumentException(
                    "frame type " + code + " is claimed by " + known.getName() + " and by " + type.getName());
        }
        byClass.put(type, codec);
        byType[code] = codec;
    }

    /** Only the messages that are of this type. */
    public <N extends M> Catalog<N> only(Class<N> type) {
        Catalog<N> some = new Catalog<>(List.of());
        byClass.forEach((record, codec) -> {
            if (type.isAssignableFrom(record)) {
                some.add(record, codec);
            }
        });
        return some;
    }

    /**
     * The same catalog, in which these messages are understood in frames of any version: they are what a version is agreed
     * upon with, so their fields may only ever be added to.
     */
    public Catalog<M> opening(List<Class<? extends M>> messages) {
        Catalog<M> same = new Catalog<>(messages);
        byClass.forEach(same::add);
        return same;
    }

    /** Frame types and their records, in order. */
    public SortedMap<Integer, Class<?>> types() {
        return Collections.unmodifiableSortedMap(types);
    }

    boolean opens(int type) {
        Class<?> message = types.get(type);
        return message != null && openings.contains(message);
    }

    RecordCodec codec(Object message) {
        return codecOf(message.getClass());
    }

    private RecordCodec codecOf(Class<?> type) {
        RecordCodec codec = byClass.get(type);
        if (codec == null) {
            throw new IllegalArgumentException(type.getName() + " is not in the catalog of this link");
        }
        return codec;
    }

    /** The readings of all shortcuts by frame type, for one reader. */
    Shortcut.@Nullable Reading<?>[] readings() {
        Shortcut.@Nullable Reading<?>[] readings = {};
        for (RecordCodec codec : byClass.values()) {
            Shortcut<?> shortcut = codec.shortcut();
            if (shortcut != null) {
                readings = Arrays.copyOf(readings, Math.max(readings.length, codec.code() + 1));
                readings[codec.code()] = shortcut.reading();
            }
        }
        return readings;
    }

    @Nullable
    RecordCodec codec(int type) {
        return type <= TYPE_MAX ? byType[type] : null;
    }
}
