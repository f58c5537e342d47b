package dev.berth.core.record;

import dev.berth.core.wire.Access;
import dev.berth.core.wire.Source;
import dev.berth.core.wire.WireException;
import dev.berth.core.wire.WireException.Kind;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.ParameterizedType;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

// Fields are written in the order of their numbers, so equal values have equal bytes whatever the order of the
// components is; a reader therefore guesses which field comes next and is nearly always right.
//
// While a record is being read its primitive components wait in an array of longs and the others in an array of
// objects, as in RecordCodec; what an upcaster is to turn into a component waits behind them.

/** A record: its version if that is not 1, and its fields. Any thread. */
final class RecordForm implements Form {
    /** Components and upcasters of a record; what has been seen is a set of 64 bits. */
    static final int PARTS_MAX = 64;

    private static final int VERSION = 1;
    private static final int VERSION_TAG = VERSION << 3 | Source.VARINT;

    /** What a field takes in memory, beside that what an element may take ({@code Limits.BYTES_PER_ELEMENT}). */
    private static final int FIELDS_PER_ELEMENT = 4;

    private final Class<?> type;
    private final String name;
    private final int version;
    private final byte[] heading;
    private List<Part> components = List.of();
    private Part[] written = {};
    private Part.Former[] formers = {};
    private Part[] byNumber = {};
    private int[] numbers = {};
    private int slots;
    private int weight;
    private Strays strays = Strays.NONE;
    private @Nullable MethodHandle constructor;

    RecordForm(Class<?> type, String name, int version) {
        this.type = type;
        this.name = name;
        this.version = version;
        this.heading = Choice.heading(name);
    }

    /** Completes the form; apart from the constructor, so that a type may contain itself. */
    void complete(List<? extends Part> parts, List<Part.Former> upcast, MethodHandle canonical) {
        Comparator<Part> order = Comparator.comparingInt(part -> part.number);
        components = List.copyOf(parts);
        written = parts.stream().sorted(order).toArray(Part[]::new);
        formers = upcast.toArray(Part.Former[]::new);
        byNumber = Stream.concat(parts.stream(), upcast.stream()).sorted(order).toArray(Part[]::new);
        numbers = Arrays.stream(byNumber).mapToInt(part -> part.number).toArray();
        slots = byNumber.length;
        weight = slots / FIELDS_PER_ELEMENT;
        constructor = canonical;
    }

    /** When all forms of the book are complete: learns what its fields would be in other kinds. */
    void findStrays() {
        strays = new Strays(parts(), numbers);
    }

    Class<?> type() {
        return type;
    }

    String name() {
        return name;
    }

    int version() {
        return version;
    }

    byte[] heading() {
        return heading;
    }

    /** In the order in which Java has them. */
    List<Part> components() {
        return components;
    }

    /** The fields that are written, in the order of their numbers. */
    List<Part> parts() {
        return List.of(written);
    }

    @Override
    public String kind() {
        return "record " + name;
    }

    @Override
    public int wireType() {
        return Source.CHUNK;
    }

    @Override
    public boolean isKey() {
        return Arrays.stream(type.getGenericInterfaces())
                .anyMatch(one -> one instanceof ParameterizedType of
                        && of.getRawType() == Comparable.class
                        && of.getActualTypeArguments()[0] == type);
    }

    @Override
    public void write(Draft out, Object value) {
        out.count(weight);
        if (version > 1) {
            out.sink.scalar(VERSION_TAG, version);
        }
        for (Part part : written) {
            try {
                part.write(out, value);
            } catch (RuntimeException e) {
                throw new IllegalArgumentException(type.getSimpleName() + "." + part.name + ": " + e.getMessage(), e);
            }
        }
    }

    @Override
    public Object read(Source in) throws WireException {
        int outer = in.enter();
        in.count(weight);
        long[] primitives = new long[slots];
        @Nullable Object[] objects = new @Nullable Object[slots];
        long seen = 0;
        int next = 0;
        while (in.more()) {
            int place = next;
            int wireType;
            if (next < byNumber.length && in.passIf(byNumber[next].word)) {
                wireType = byNumber[next].wireType;
            } else {
                int tag = in.tag();
                wireType = tag & 7;
                place = Arrays.binarySearch(numbers, tag >>> 3);
                if (place < 0) {
                    pass(in, tag);
                    continue;
                }
            }
            next = place + 1;
            Part part = byNumber[place];
            seen = once(seen, part);
            try {
                part.read(in, wireType, primitives, objects);
            } catch (WireException e) {
                throw e.within("." + part.name);
            }
        }
        in.leave(outer);
        return finish(primitives, objects, seen);
    }

    /** What there is for a component; null for one that is absent, a collection as {@link Many#begin} and what was added to it. */
    @FunctionalInterface
    interface Values {
        @Nullable
        Object of(Part part) throws WireException;
    }

    /** The record that has these values. */
    Object make(Values values) throws WireException {
        long[] primitives = new long[slots];
        @Nullable Object[] objects = new @Nullable Object[slots];
        for (Part part : components) {
            try {
                Object value = values.of(part);
                if (value != null) {
                    part.put(value, primitives, objects);
                }
            } catch (WireException e) {
                throw e.within("." + part.wireName);
            }
        }
        return finish(primitives, objects, 0);
    }

    private static long once(long seen, Part part) throws WireException {
        if ((seen >>> part.index & 1) != 0 && !part.isRepeated()) {
            throw new WireException(Kind.MALFORMED, "the field comes twice").within("." + part.name);
        }
        return seen | 1L << part.index;
    }

    private Object finish(long[] primitives, @Nullable Object[] objects, long seen) throws WireException {
        for (Part part : byNumber) {
            part.complete(objects);
        }
        for (Part.Former former : formers) {
            if ((seen >>> former.index & 1) != 0 && (seen >>> former.now.index & 1) == 0) {
                former.upcast(primitives, objects);
            }
        }
        if (constructor == null) {
            throw new IllegalStateException(name + " is not complete");
        }
        return Access.construct(constructor, primitives, objects, name);
    }

    private void pass(Source in, int tag) throws WireException {
        int number = tag >>> 3;
        if (number != VERSION) {
            strays.check(number);
            in.skip(tag);
            return;
        }
        Source.require(tag & 7, Source.VARINT);
        long found = in.varint();
        if (Long.compareUnsigned(found, version) > 0) {
            throw new WireException(
                    Kind.WRONG_VERSION,
                    name + " was written in version " + Long.toUnsignedString(found)
                            + ", this build reads versions up to " + version
                            + "; roll forward to the build that wrote it");
        }
    }
}
