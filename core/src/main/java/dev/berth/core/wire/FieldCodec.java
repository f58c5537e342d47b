package dev.berth.core.wire;

import dev.berth.core.wire.WireException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Reads and writes one component of a record. Zero, empty and null are not written. Any thread. */
abstract sealed class FieldCodec {
    final String name;
    /** The position of the component in its record. */
    final int index;

    final int number;

    FieldCodec(String name, int index, int number) {
        this.name = name;
        this.index = index;
        this.number = number;
    }

    abstract void write(Sink out, Object holder);

    abstract void read(Source in, int wireType, long[] numbers, @Nullable Object[] objects) throws WireException;

    /** Fills in what an absent field means. */
    abstract void complete(@Nullable Object[] objects) throws WireException;

    boolean repeated() {
        return false;
    }

    final int tag(int wireType) {
        return number << 3 | wireType;
    }

    final WireException missing() {
        return new WireException(Kind.MISSING, "the field must be there").within("." + name);
    }

    final IllegalArgumentException refused(Object holder, IllegalArgumentException why) {
        return new IllegalArgumentException(
                holder.getClass().getSimpleName() + "." + name + ": " + why.getMessage(), why);
    }

    static final class PrimitiveField extends FieldCodec {
        private final Scalar.Primitive type;
        private final ToLongFunction<Object> get;

        PrimitiveField(String name, int index, int number, Scalar.Primitive type, ToLongFunction<Object> get) {
            super(name, index, number);
            this.type = type;
            this.get = get;
        }

        @Override
        void write(Sink out, Object holder) {
            long raw = type.encode(get.applyAsLong(holder));
            if (raw != 0) {
                out.scalar(tag(Source.VARINT), raw);
            }
        }

        @Override
        void read(Source in, int wireType, long[] numbers, @Nullable Object[] objects) throws WireException {
            Source.require(wireType, Source.VARINT);
            numbers[index] = type.decode(in.varint());
        }

        @Override
        void complete(@Nullable Object[] objects) {}
    }

    /** An enum constant or a wrapped number. */
    static final class ScalarField extends FieldCodec {
        private final Scalar type;
        private final Function<Object, @Nullable Object> get;
        private final boolean nullable;

        ScalarField(
                String name,
                int index,
                int number,
                Scalar type,
                Function<Object, @Nullable Object> get,
                boolean nullable) {
            super(name, index, number);
            this.type = type;
            this.get = get;
            this.nullable = nullable;
        }

        @Override
        void write(Sink out, Object holder) {
            Object value = get.apply(holder);
            long raw = value == null ? 0 : type.raw(value);
            if (raw != 0) {
                out.scalar(tag(Source.VARINT), raw);
            }
        }

        @Override
        void read(Source in, int wireType, long[] numbers, @Nullable Object[] objects) throws WireException {
            Source.require(wireType, Source.VARINT);
            objects[index] = type.value(in.varint());
        }

        @Override
        void complete(@Nullable Object[] objects) throws WireException {
            if (objects[index] != null || nullable) {
                return;
            }
            if (type instanceof Scalar.Enumerated) {
                throw missing();
            }
            try {
                objects[index] = type.value(0);
            } catch (WireException e) {
                throw e.within("." + name);
            }
        }
    }

    static final class ChunkField extends FieldCodec {
        private final Chunk type;
        private final Function<Object, @Nullable Object> get;
        private final boolean nullable;

        ChunkField(
                String name,
                int index,
                int number,
                Chunk type,
                Function<Object, @Nullable Object> get,
                boolean nullable) {
            super(name, index, number);
            this.type = type;
            this.get = get;
            this.nullable = nullable;
        }

        @Override
        void write(Sink out, Object holder) {
            Object value = get.apply(holder);
            if (value == null) {
                return;
            }
            int before = out.size();
            int start = out.begin(tag(Source.CHUNK));
            try {
                type.write(out, value);
            } catch (IllegalArgumentException e) {
                throw refused(holder, e);
            }
            if (out.size() == start && mayBeOmitted()) {
                out.truncate(before);
            } else {
                out.end(start);
            }
        }

        // An empty text or byte string is left out; an empty record is not, because its absence has a meaning of its
        // own.
        private boolean mayBeOmitted() {
            Chunk inner = type;
            while (inner instanceof Chunk.Wrapped wrapped) {
                inner = wrapped.inner();
            }
            return inner instanceof Chunk.Text || inner instanceof Chunk.Blob;
        }

        @Override
        void read(Source in, int wireType, long[] numbers, @Nullable Object[] objects) throws WireException {
            Source.require(wireType, Source.CHUNK);
            objects[index] = type.read(in);
        }

        @Override
        void complete(@Nullable Object[] objects) throws WireException {
            if (objects[index] != null || nullable) {
                return;
            }
            try {
                objects[index] = type.absent();
            } catch (WireException e) {
                throw e.within("." + name);
            }
            if (objects[index] == null) {
                throw missing();
            }
        }
    }

    abstract static sealed class ListField extends FieldCodec {
        private final int max;
        private final Function<Object, @Nullable Object> get;

        ListField(String name, int index, int number, int max, Function<Object, @Nullable Object> get) {
            super(name, index, number);
            this.max = max;
            this.get = get;
        }

        @Override
        final boolean repeated() {
            return true;
        }

        @Override
        final void write(Sink out, Object holder) {
            List<?> list = (List<?>) get.apply(holder);
            if (list == null || list.isEmpty()) {
                return;
            }
            try {
                if (list.size() > max) {
                    throw new IllegalArgumentException(list.size() + " elements, at most " + max);
                }
                writeAll(out, list);
            } catch (IllegalArgumentException e) {
                throw refused(holder, e);
            }
        }

        abstract void writeAll(Sink out, List<?> list);

        @Override
        final void read(Source in, int wireType, long[] numbers, @Nullable Object[] objects) throws WireException {
            @SuppressWarnings("unchecked")
            List<Object> list = (List<Object>) objects[index];
            if (list == null) {
                // Grows with what is really there, never from a count that the sender claims.
                list = new ArrayList<>();
                objects[index] = list;
            }
            try {
                readInto(list, in, wireType);
            } catch (WireException e) {
                throw e.within("[" + list.size() + "]");
            }
        }

        abstract void readInto(List<Object> list, Source in, int wireType) throws WireException;

        final void add(List<Object> list, Object value) throws WireException {
            if (list.size() == max) {
                throw new WireException(Kind.OVERSIZED, "more than " + max + " elements");
            }
            list.add(value);
        }

        @Override
        final void complete(@Nullable Object[] objects) {
            List<?> list = (List<?>) objects[index];
            objects[index] = list == null ? List.of() : List.copyOf(list);
        }
    }

    /** One field per element. */
    static final class ChunkListField extends ListField {
        private final Chunk type;

        ChunkListField(
                String name, int index, int number, int max, Chunk type, Function<Object, @Nullable Object> get) {
            super(name, index, number, max, get);
            this.type = type;
        }

        @Override
        void writeAll(Sink out, List<?> list) {
            int tag = tag(Source.CHUNK);
            for (Object element : list) {
                int start = out.begin(tag);
                type.write(out, element);
                out.end(start);
            }
        }

        @Override
        void readInto(List<Object> list, Source in, int wireType) throws WireException {
            Source.require(wireType, Source.CHUNK);
            add(list, type.read(in));
        }
    }

    /** All elements in one field; one field per element is understood too. */
    static final class PackedField extends ListField {
        private final Scalar type;

        PackedField(String name, int index, int number, int max, Scalar type, Function<Object, @Nullable Object> get) {
            super(name, index, number, max, get);
            this.type = type;
        }

        @Override
        void writeAll(Sink out, List<?> list) {
            int start = out.begin(tag(Source.CHUNK));
            for (Object element : list) {
                out.varint(type.raw(element));
            }
            out.end(start);
        }

        @Override
        void readInto(List<Object> list, Source in, int wireType) throws WireException {
            if (wireType == Source.VARINT) {
                in.count();
                add(list, type.value(in.varint()));
                return;
            }
            Source.require(wireType, Source.CHUNK);
            int outer = in.enter();
            while (in.more()) {
                in.count();
                add(list, type.value(in.varint()));
            }
            in.leave(outer);
        }
    }
}
