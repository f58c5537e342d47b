package dev.berth.node.entity;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import dev.berth.node.tool.Json;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

// For people and scripts only: nothing that Berth keeps or sends to a program is in this form. What a record is on the
// wire is docs/records.md.

/** Values as maps, lists, numbers and texts, and back. Any thread. */
final class Plain {
    /** A command line is not longer. */
    private static final Json JSON = new Json(new Limits(1 << 20, 100_000, 64));

    private Plain() {}

    /** What {@link dev.berth.node.tool.Json} can write. */
    static @Nullable Object of(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Boolean flag -> flag;
            case Number number -> number;
            case Record record -> ofRecord(record);
            case Collection<?> many -> many.stream().map(Plain::of).toList();
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> all = new LinkedHashMap<>();
                map.forEach((key, one) -> all.put(String.valueOf(of(key)), of(one)));
                yield all;
            }
            case Bytes bytes -> HexFormat.of().formatHex(bytes.toArray());
            default -> value.toString();
        };
    }

    private static Map<String, @Nullable Object> ofRecord(Record record) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                Method read = component.getAccessor();
                read.setAccessible(true);
                all.put(component.getName(), of(read.invoke(record)));
            } catch (ReflectiveOperationException | RuntimeException unreadable) {
                all.put(component.getName(), "? " + unreadable.getMessage());
            }
        }
        return all;
    }

    /** One word for each parameter: a text as it is, everything else as JSON. */
    static @Nullable Object[] arguments(Method method, List<String> words) {
        Type[] types = method.getGenericParameterTypes();
        if (words.size() != types.length) {
            throw new IllegalArgumentException(method.getName() + " takes " + types.length + " arguments ("
                    + String.join(
                            ", ", Arrays.stream(types).map(Type::getTypeName).toList()) + "), got " + words.size());
        }
        @Nullable Object[] arguments = new @Nullable Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] =
                    types[i] == String.class ? words.get(i) : to(parsed(words.get(i)), types[i], "argument " + (i + 1));
        }
        return arguments;
    }

    private static @Nullable Object parsed(String word) {
        try {
            return JSON.read(Bytes.utf8(word));
        } catch (WireException notJson) {
            throw new IllegalArgumentException(notJson.getMessage() + ": " + word, notJson);
        }
    }

    private static @Nullable Object to(@Nullable Object plain, Type type, String where) {
        if (plain == null) {
            return null;
        }
        if (type instanceof ParameterizedType many) {
            Type[] of = many.getActualTypeArguments();
            if (many.getRawType() == Map.class && plain instanceof Map<?, ?> map) {
                Map<Object, @Nullable Object> all = new LinkedHashMap<>();
                map.forEach((key, value) -> all.put(some(to(key, of[0], where), where), to(value, of[1], where)));
                return all;
            } else if (plain instanceof List<?> list) {
                List<@Nullable Object> all = new ArrayList<>();
                list.forEach(one -> all.add(to(one, of[0], where)));
                return many.getRawType() == java.util.Set.class ? new LinkedHashSet<>(all) : all;
            }
        } else if (type instanceof Class<?> plainType) {
            Object value = simple(plain, plainType);
            if (value != null) {
                return value;
            }
            if (plainType.isRecord() && plain instanceof Map<?, ?> fields) {
                return record(fields, plainType, where);
            }
        }
        throw new IllegalArgumentException(where + " is to be a " + type.getTypeName() + ", got " + plain);
    }

    private static Object some(@Nullable Object key, String where) {
        if (key == null) {
            throw new IllegalArgumentException(where + ": a key is null");
        }
        return key;
    }

    private static @Nullable Object simple(Object plain, Class<?> type) {
        String text = String.valueOf(plain);
        if (type == String.class) {
            return text;
        } else if (type == long.class || type == Long.class) {
            return Long.valueOf(text);
        } else if (type == int.class || type == Integer.class) {
            return Integer.valueOf(text);
        } else if (type == short.class || type == Short.class) {
            return Short.valueOf(text);
        } else if (type == byte.class || type == Byte.class) {
            return Byte.valueOf(text);
        } else if (type == double.class || type == Double.class) {
            return Double.valueOf(text);
        } else if (type == float.class || type == Float.class) {
            return Float.valueOf(text);
        } else if ((type == boolean.class || type == Boolean.class) && plain instanceof Boolean) {
            return plain;
        } else if (type == UUID.class) {
            return UUID.fromString(text);
        } else if (type == Duration.class) {
            return Duration.parse(text);
        } else if (type == Instant.class) {
            return Instant.parse(text);
        } else if (type == Bytes.class) {
            return Bytes.wrap(HexFormat.of().parseHex(text));
        } else if (type.isEnum()) {
            for (Object constant : type.getEnumConstants()) {
                if (((Enum<?>) constant).name().equals(text)) {
                    return constant;
                }
            }
        }
        return null;
    }

    private static Object record(Map<?, ?> fields, Class<?> type, String where) {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            if (!fields.containsKey(name)) {
                throw new IllegalArgumentException(where + ": " + type.getSimpleName() + " wants a " + name);
            }
            values[i] = to(fields.get(name), components[i].getGenericType(), where + "." + name);
        }
        try {
            Constructor<?> made = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            made.setAccessible(true);
            return made.newInstance(values);
        } catch (ReflectiveOperationException refused) {
            Throwable cause = refused.getCause() == null ? refused : refused.getCause();
            throw new IllegalArgumentException(where + ": " + type.getSimpleName() + " refuses it: " + cause, refused);
        }
    }
}
