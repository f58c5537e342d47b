package dev.berth.node.entity;

import dev.berth.core.wire.Bytes;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.function.Function;

/** What keys of entities are made of, as {@link dev.berth.core.cluster.Buckets} hashes them. Any thread. */
@SuppressWarnings("ImmutableEnumChecker") // its functions have no state
enum Keys {
    LONG(Long.class, Long::valueOf, key -> number((Long) key), Keys::number),
    INTEGER(Integer.class, Integer::valueOf, key -> number((Integer) key), bytes -> Math.toIntExact(number(bytes))),
    STRING(String.class, text -> text, key -> Bytes.utf8((String) key), Bytes::utf8),
    UUID_KEY(UUID.class, UUID::fromString, key -> ofUuid((UUID) key), Keys::uuid);

    /** Together with the name of the contract it is a key of the store. */
    static final int BYTES_MAX = 256;

    private final Class<?> type;
    private final Function<String, Object> parse;
    private final Function<Object, Bytes> write;
    private final Function<Bytes, Object> read;

    Keys(Class<?> type, Function<String, Object> parse, Function<Object, Bytes> write, Function<Bytes, Object> read) {
        this.type = type;
        this.parse = parse;
        this.write = write;
        this.read = read;
    }

    /** As people call it. */
    String word() {
        return type.getSimpleName();
    }

    /** As people write it; an IllegalArgumentException if that is no such key. */
    Object parse(String text) {
        return parse.apply(text);
    }

    Bytes write(Object key) {
        return write.apply(key);
    }

    /** A RuntimeException if these bytes are no such key. */
    Object read(Bytes bytes) {
        return read.apply(bytes);
    }

    private static Bytes number(long number) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .array());
    }

    private static long number(Bytes bytes) {
        if (bytes.length() != Long.BYTES) {
            throw new IllegalArgumentException("a number has " + Long.BYTES + " bytes, got " + bytes);
        }
        return ByteBuffer.wrap(bytes.toArray()).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    private static Bytes ofUuid(UUID id) {
        return Bytes.wrap(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array());
    }

    private static UUID uuid(Bytes bytes) {
        if (bytes.length() != 2 * Long.BYTES) {
            throw new IllegalArgumentException("a UUID has " + 2 * Long.BYTES + " bytes, got " + bytes);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes.toArray());
        return new UUID(in.getLong(), in.getLong());
    }

    /** Of this value; an IllegalArgumentException if it can be no key. */
    static Keys ofKey(Object key) {
        for (Keys keys : values()) {
            if (keys.type == key.getClass()) {
                return keys;
            }
        }
        throw new IllegalArgumentException(
                key.getClass().getName() + " is no key; a key is a Long, an Integer, a String or a UUID");
    }

    static Keys ofWord(String word) {
        for (Keys keys : values()) {
            if (keys.word().equals(word)) {
                return keys;
            }
        }
        throw new IllegalArgumentException("no keys are called '" + word + "'");
    }

    /** By what the contract says after {@code Entity}. */
    static Keys of(Class<?> contract) {
        for (Type parent : contract.getGenericInterfaces()) {
            if (parent instanceof ParameterizedType entity && entity.getRawType() == Entity.class) {
                Type key = entity.getActualTypeArguments()[0];
                for (Keys keys : values()) {
                    if (keys.type == key) {
                        return keys;
                    }
                }
                throw new IllegalArgumentException(contract.getName() + " has keys of type " + key.getTypeName()
                        + "; a key is a Long, an Integer, a String or a UUID");
            }
        }
        throw new IllegalArgumentException(
                contract.getName() + " does not extend Entity itself: interface X extends Entity<Long>");
    }
}
