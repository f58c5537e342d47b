package dev.berth.core.wire;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Builds codecs from record types, each type once. One thread. */
final class Schema {
    private static final int NUMBER_MAX = 1_000;

    private final Map<Class<?>, RecordCodec> records = new LinkedHashMap<>();
    private final Map<Class<?>, OneOf> unions = new LinkedHashMap<>();

    /** The codec of a record that is no wrapper. */
    RecordCodec record(Class<?> type) {
        RecordCodec known = records.get(type);
        if (known != null) {
            return known;
        }
        if (!type.isRecord() || isWrapper(type)) {
            throw new IllegalArgumentException(type.getName() + " is no record with numbered components");
        }
        Code code = type.getAnnotation(Code.class);
        RecordCodec codec = new RecordCodec(type.getSimpleName(), code == null ? 0 : code.value());
        records.put(type, codec);
        Access access = new Access(type);
        List<FieldCodec> fields = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            fields.add(field(access, component, fields.size()));
        }
        codec.complete(fields.toArray(FieldCodec[]::new), byNumber(type, fields), access.constructor());
        return codec;
    }

    private static @Nullable FieldCodec[] byNumber(Class<?> type, List<FieldCodec> fields) {
        int highest = fields.stream().mapToInt(field -> field.number).max().orElse(0);
        @Nullable FieldCodec[] byNumber = new @Nullable FieldCodec[highest + 1];
        for (FieldCodec field : fields) {
            if (byNumber[field.number] != null) {
                throw new IllegalArgumentException(type.getName() + " has two fields number " + field.number);
            }
            byNumber[field.number] = field;
        }
        if (fields.size() > RecordCodec.FIELDS_MAX) {
            throw new IllegalArgumentException(
                    type.getName() + " has " + fields.size() + " fields, at most " + RecordCodec.FIELDS_MAX);
        }
        return byNumber;
    }

    private FieldCodec field(Access access, RecordComponent component, int index) {
        Field field = component.getAnnotation(Field.class);
        String name = component.getName();
        if (field == null || field.value() < 1 || field.value() > NUMBER_MAX) {
            throw new IllegalArgumentException(component.getDeclaringRecord().getName() + "." + name
                    + " needs a @Field number between 1 and " + NUMBER_MAX);
        }
        Class<?> type = component.getType();
        Scalar scalar = scalar(type);
        if (scalar instanceof Scalar.Primitive primitive && type.isPrimitive()) {
            return new FieldCodec.PrimitiveField(name, index, field.value(), primitive, access.number(component));
        }
        Function<Object, @Nullable Object> get = access.object(component);
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        if (nullable && !mayBeNull(type)) {
            throw new IllegalArgumentException(component.getDeclaringRecord().getName() + "." + name
                    + ": only records, sealed interfaces and enums can be null on the wire");
        }
        if (type == List.class) {
            return list(component, index, field, get);
        }
        if (scalar != null) {
            return new FieldCodec.ScalarField(name, index, field.value(), scalar, get, nullable);
        }
        return new FieldCodec.ChunkField(name, index, field.value(), chunk(type, field.max()), get, nullable);
    }

    private static boolean mayBeNull(Class<?> type) {
        return type.isEnum() || type.isSealed() || (type.isRecord() && !isWrapper(type));
    }

    private FieldCodec list(RecordComponent component, int index, Field field, Function<Object, @Nullable Object> get) {
        String name = component.getName();
        Class<?> element = element(component);
        int max = field.max() == 0 ? Limits.LIST_MAX : field.max();
        Scalar scalar = scalar(element);
        return scalar != null
                ? new FieldCodec.PackedField(name, index, field.value(), max, scalar, get)
                : new FieldCodec.ChunkListField(name, index, field.value(), max, chunk(element, 0), get);
    }

    /** The class of a list component's elements. */
    static Class<?> element(RecordComponent component) {
        Type generic = component.getGenericType();
        AnnotatedType annotated = component.getAnnotatedType();
        if (generic instanceof ParameterizedType parameterized
                && parameterized.getActualTypeArguments()[0] instanceof Class<?> element
                && annotated instanceof AnnotatedParameterizedType list
                && !list.getAnnotatedActualTypeArguments()[0].isAnnotationPresent(Nullable.class)) {
            return element;
        }
        throw new IllegalArgumentException(component.getDeclaringRecord().getName() + "." + component.getName()
                + ": a list on the wire has elements of one class that are never null, got " + generic);
    }

    /** The codec of a type that is one varint, or null. */
    private static @Nullable Scalar scalar(Class<?> type) {
        Scalar.Primitive primitive = primitive(type);
        if (primitive != null) {
            return primitive;
        }
        if (type.isEnum()) {
            return enumerated(type);
        }
        if (type.isRecord() && isWrapper(type)) {
            RecordComponent inner = type.getRecordComponents()[0];
            Scalar.Primitive wrapped = primitive(inner.getType());
            Access access = new Access(type);
            return wrapped == null
                    ? null
                    : new Scalar.Wrapped(type.getSimpleName(), wrapped, access.number(inner), access.wrapperOfNumber());
        }
        return null;
    }

    private static Scalar.@Nullable Primitive primitive(Class<?> type) {
        if (type == long.class || type == Long.class) {
            return Scalar.Primitive.LONG;
        } else if (type == int.class || type == Integer.class) {
            return Scalar.Primitive.INT;
        } else {
            return type == boolean.class || type == Boolean.class ? Scalar.Primitive.BOOL : null;
        }
    }

    private static Scalar enumerated(Class<?> type) {
        Object[] constants = type.getEnumConstants();
        int[] codes = new int[constants.length];
        int highest = 0;
        for (int i = 0; i < constants.length; i++) {
            codes[i] = codeOf(type, (Enum<?>) constants[i]);
            highest = Math.max(highest, codes[i]);
        }
        @Nullable Object[] byCode = new @Nullable Object[highest + 1];
        for (int i = 0; i < constants.length; i++) {
            if (byCode[codes[i]] != null) {
                throw new IllegalArgumentException(type.getName() + " has two constants with the code " + codes[i]);
            }
            byCode[codes[i]] = constants[i];
        }
        return new Scalar.Enumerated(type.getSimpleName(), codes, byCode);
    }

    private static int codeOf(Class<?> type, Enum<?> constant) {
        try {
            return checked(type.getField(constant.name()).getAnnotation(Code.class), type.getName() + "." + constant);
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int checked(@Nullable Code code, String what) {
        if (code == null || code.value() < 1 || code.value() > NUMBER_MAX) {
            throw new IllegalArgumentException(what + " needs a @Code between 1 and " + NUMBER_MAX);
        }
        return code.value();
    }

    /** The codec of a type with a length of its own; {@code max} is a string's or byte string's bound, 0 = default. */
    Chunk chunk(Class<?> type, int max) {
        if (type == String.class) {
            return new Chunk.Text(max == 0 ? Limits.TEXT_MAX : max);
        }
        if (type == Bytes.class) {
            return new Chunk.Blob(max == 0 ? Limits.BYTES_MAX : max);
        }
        if (type.isSealed() && type.isInterface()) {
            return union(type);
        }
        if (type.isRecord() && isWrapper(type)) {
            RecordComponent inner = type.getRecordComponents()[0];
            Access access = new Access(type);
            return new Chunk.Wrapped(
                    type.getSimpleName(), chunk(inner.getType(), max), access.object(inner), access.wrapperOfObject());
        }
        return record(type);
    }

    private OneOf union(Class<?> type) {
        OneOf known = unions.get(type);
        if (known != null) {
            return known;
        }
        Map<Class<?>, RecordCodec> byClass = new LinkedHashMap<>();
        List<Class<?>> cases = Cases.of(type);
        int highest = 0;
        for (Class<?> one : cases) {
            highest = Math.max(highest, checked(one.getAnnotation(Code.class), one.getName()));
        }
        @Nullable RecordCodec[] byCode = new @Nullable RecordCodec[highest + 1];
        OneOf union = new OneOf(type.getSimpleName(), byClass, byCode);
        unions.put(type, union);
        for (Class<?> one : cases) {
            RecordCodec codec = record(one);
            if (byCode[codec.code()] != null) {
                throw new IllegalArgumentException(type.getName() + " has two cases with the code " + codec.code());
            }
            byCode[codec.code()] = codec;
            byClass.put(one, codec);
        }
        return union;
    }

    private static boolean isWrapper(Class<?> record) {
        RecordComponent[] components = record.getRecordComponents();
        return components.length == 1 && components[0].getAnnotation(Field.class) == null;
    }
}
