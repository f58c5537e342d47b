package dev.berth.core.record;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Says what a component should be instead. */
final class Unwritable {
    private Unwritable() {}

    static IllegalArgumentException type(Type type, String where) {
        return new IllegalArgumentException(where + ": " + type.getTypeName() + " cannot be written; " + remedy(type));
    }

    private static String remedy(Type type) {
        Type raw = type instanceof ParameterizedType parameterized ? parameterized.getRawType() : type;
        if (!(raw instanceof Class<?> plain)) {
            return "name the type itself, without ? and type variables";
        } else if (plain == Optional.class) {
            return "take what may be in it, and null for empty";
        } else if (plain == byte[].class) {
            return "take dev.berth.core.wire.Bytes";
        } else if (plain.isArray()) {
            return "take a List";
        } else if (plain == char.class || plain == Character.class) {
            return "take a String or an int";
        } else if (Collection.class.isAssignableFrom(plain) || Map.class.isAssignableFrom(plain)) {
            return "declare it as a List, Set or Map, and of what";
        } else if (plain.isRecord()) {
            return "a record with type parameters has no fixed fields; write one for each type";
        } else if (plain.isInterface()) {
            return "make the interface sealed, of records, so that it is known what may come";
        } else {
            return "components are numbers, booleans, String, Bytes, UUID, Duration, Instant, enums, records, sealed"
                    + " interfaces of records, and List, Set, Map of those";
        }
    }
}
