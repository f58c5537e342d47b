package dev.berth.core.record;

import dev.berth.core.wire.Scalar;
import dev.berth.core.wire.Source;
import dev.berth.core.wire.WireException;
import dev.berth.core.wire.WireException.Kind;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

// Everything but null and an empty collection is written, zero too: a field that is not there was not known to the
// writer, and an upcaster sees the zeros of old.

/** Reads and writes one component of a record. Any thread. */
abstract sealed class Part {
    /** The component's name in Java, for messages. */
    final String name;

    /** Its name on the wire. */
    final String wireName;

    /** Its place among the components, and behind them the upcasters. */
    final int index;

    final String kind;
    final int number;
    final int wireType;

    /** The tag's bytes: {@link FieldNumber#word}. */
    final int word;

    Part(String name, String wireName, int index, String kind, int wireType) {
        this.name = name;
        this.wireName = wireName;
        this.index = index;
        this.kind = kind;
        this.number = FieldNumber.of(wireName, kind);
        this.wireType = wireType;
        this.word = FieldNumber.word(number << 3 | wireType);
    }

    abstract Form form();

    /** Of a record; a number in its box. */
    abstract @Nullable Object get(Object holder);

    abstract void write(Draft out, Object holder);

    abstract void read(Source in, int wireType, long[] primitives, @Nullable Object[] objects) throws WireException;

    /** Fills in what a field that is not there means. */
    void complete(@Nullable Object[] objects) {}

    /** Takes what an upcaster made. */
    abstract void put(@Nullable Object value, long[] primitives, @Nullable Object[] objects) throws WireException;

    boolean isRepeated() {
        return false;
    }

    /** {@link Form#kin} of its form. */
    List<String> kin() {
        return List.of();
    }

    /** Whether absent means null. */
    boolean isNullable() {
        return false;
    }

    private static WireException unfit(@Nullable Object value, String wanted) {
        return new WireException(
                Kind.INVALID,
                "the upcaster gave "
                        + (value == null ? "null" : "a " + value.getClass().getSimpleName()) + ", the component is "
                        + wanted);
    }

    /** An integer of any width, or a boolean, without a box. */
    static final class Integral extends Part {
        private final Numeral form;
        private final Scalar.Primitive type;
        private final ToLongFunction<Object> get;

        Integral(String name, String wireName, int index, Numeral form, ToLongFunction<Object> get) {
            super(name, wireName, index, form.kind(), Source.VARINT);
            this.form = form;
            this.type = form.type();
            this.get = get;
        }

        @Override
        Numeral form() {
            return form;
        }

        @Override
        Object get(Object holder) {
            long value = get.applyAsLong(holder);
            return type == Scalar.Primitive.BOOL ? (Object) (value != 0) : (Object) value;
        }

        @Override
        void write(Draft out, Object holder) {
            out.sink.fixed32(word);
            out.sink.varint(type.encode(get.applyAsLong(holder)));
        }

        @Override
        void read(Source in, int wireType, long[] primitives, @Nullable Object[] objects) throws WireException {
            Source.require(wireType, Source.VARINT);
            primitives[index] = type.decode(in.varint());
        }

        @Override
        void put(@Nullable Object value, long[] primitives, @Nullable Object[] objects) throws WireException {
            boolean flag = type == Scalar.Primitive.BOOL;
            if (flag && value instanceof Boolean yes) {
                primitives[index] = yes ? 1 : 0;
            } else if (!flag
                    && (value instanceof Long
                            || value instanceof Integer
                            || value instanceof Short
                            || value instanceof Byte)) {
                primitives[index] = type.decode(type.encode(((Number) value).longValue()));
            } else {
                throw unfit(value, flag ? "a boolean" : "an integer");
            }
        }
    }

    /** A float or double without a box. */
    static final class Floating extends Part {
        private final Real form;
        private final ToLongFunction<Object> get;

        Floating(String name, String wireName, int index, Real form, ToLongFunction<Object> get) {
            super(name, wireName, index, form.kind(), Source.FIXED64);
            this.form = form;
            this.get = get;
        }

        @Override
        Real form() {
            return form;
        }

        @Override
        Object get(Object holder) {
            double value = Double.longBitsToDouble(get.applyAsLong(holder));
            return form == Real.FLOAT ? (Object) (float) value : (Object) value;
        }

        @Override
        void write(Draft out, Object holder) {
            out.sink.fixed32(word);
            out.sink.fixed64(get.applyAsLong(holder));
        }

        @Override
        void read(Source in, int wireType, long[] primitives, @Nullable Object[] objects) throws WireException {
            Source.require(wireType, Source.FIXED64);
            primitives[index] = form.bits(in.fixed64());
        }

        @Override
        void put(@Nullable Object value, long[] primitives, @Nullable Object[] objects) throws WireException {
            if (!(value instanceof Number number)) {
                throw unfit(value, "a float or double");
            }
            primitives[index] = form.bits(Double.doubleToLongBits(number.doubleValue()));
        }
    }

    /** Any one object. */
    static final class Single extends Part {
        private final Form form;
        private final Function<Object, @Nullable Object> get;
        private final boolean nullable;

        Single(
                String name,
                String wireName,
                int index,
                Form form,
                Function<Object, @Nullable Object> get,
                boolean nullable) {
            super(name, wireName, index, form.kind(), form.wireType());
            this.form = form;
            this.get = get;
            this.nullable = nullable || form.absent() == null;
        }

        @Override
        Form form() {
            return form;
        }

        @Override
        @Nullable
        Object get(Object holder) {
            return get.apply(holder);
        }

        @Override
        List<String> kin() {
            return form.kin();
        }

        @Override
        boolean isNullable() {
            return nullable;
        }

        @Override
        void write(Draft out, Object holder) {
            Object value = get.apply(holder);
            if (value != null) {
                out.component(word, form, value);
            } else if (!nullable) {
                throw new IllegalArgumentException(
                        "null would come back as an empty " + kind + "; use that, or mark the component @Nullable");
            }
        }

        @Override
        void read(Source in, int wireType, long[] primitives, @Nullable Object[] objects) throws WireException {
            Source.require(wireType, form.wireType());
            objects[index] = form.read(in);
        }

        @Override
        void complete(@Nullable Object[] objects) {
            if (objects[index] == null && !nullable) {
                objects[index] = form.absent();
            }
        }

        @Override
        void put(@Nullable Object value, long[] primitives, @Nullable Object[] objects) throws WireException {
            if (value == null && !nullable) {
                throw unfit(null, "never null");
            }
            objects[index] = value;
        }
    }

    /** A list, set or map: any number of fields. */
    static final class Several extends Part {
        private final Many form;
        private final Function<Object, @Nullable Object> get;

        Several(String name, String wireName, int index, Many form, Function<Object, @Nullable Object> get) {
            super(name, wireName, index, form.kind(), Source.CHUNK);
            this.form = form;
            this.get = get;
        }

        @Override
        Many form() {
            return form;
        }

        @Override
        @Nullable
        Object get(Object holder) {
            return get.apply(holder);
        }

        @Override
        List<String> kin() {
            return form.kin();
        }

        @Override
        boolean isRepeated() {
            return true;
        }

        @Override
        void write(Draft out, Object holder) {
            Object value = get.apply(holder);
            if (value == null) {
                throw new IllegalArgumentException("null would come back as an empty " + kind + "; use that");
            }
            form.writeAll(out, number, value);
        }

        @Override
        void read(Source in, int wireType, long[] primitives, @Nullable Object[] objects) throws WireException {
            Object gathered = objects[index];
            if (gathered == null) {
                gathered = form.begin();
                objects[index] = gathered;
            }
            form.gather(in, wireType, gathered);
        }

        @Override
        void complete(@Nullable Object[] objects) {
            objects[index] = form.finish(objects[index]);
        }

        @Override
        void put(@Nullable Object value, long[] primitives, @Nullable Object[] objects) throws WireException {
            if (value == null) {
                throw unfit(null, "never null");
            }
            objects[index] = value;
        }
    }

    /** What a component was of another type: read only, and turned into today's. */
    static final class Former extends Part {
        final Part now;
        private final Form form;
        private final Function<Object, @Nullable Object> upcaster;

        Former(Part now, int index, Form form, Function<Object, @Nullable Object> upcaster) {
            super(now.name, now.wireName, index, form.kind(), form.wireType());
            this.now = now;
            this.form = form;
            this.upcaster = upcaster;
        }

        @Override
        Form form() {
            return form;
        }

        @Override
        Object get(Object holder) {
            throw new IllegalStateException(name + " is there in its present type only");
        }

        @Override
        void write(Draft out, Object holder) {
            throw new IllegalStateException(name + " is written in its present type only");
        }

        @Override
        void read(Source in, int wireType, long[] primitives, @Nullable Object[] objects) throws WireException {
            Source.require(wireType, form.wireType());
            objects[index] = form.read(in);
        }

        @Override
        void put(@Nullable Object value, long[] primitives, @Nullable Object[] objects) {
            throw new IllegalStateException(name + " is no upcaster's result");
        }

        /** Fills in the component from its former value. */
        void upcast(long[] primitives, @Nullable Object[] objects) throws WireException {
            Object former = objects[index];
            if (former == null) {
                throw new IllegalStateException(name + " was seen and is not there");
            }
            try {
                now.put(upcaster.apply(former), primitives, objects);
            } catch (WireException e) {
                throw e.within("." + name);
            } catch (RuntimeException e) {
                throw new WireException(Kind.INVALID, "the upcaster refuses it: " + e.getMessage()).within("." + name);
            }
        }
    }
}
