package dev.berth.node.entity;

import dev.berth.core.wire.Bytes;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** What keys of entities are made of, as {@link dev.berth.core.cluster.Buckets} hashes them. Any thread. */
enum Keys {
    LONG {
        @Override
        Object parse(String text) {
            return Long.valueOf(text);
        }

        @Override
        Bytes write(Object key) {
            return number((Long) key);
        }

        @Override
        Object read(Bytes bytes) {
            return number(bytes);
        }
    },
    INTEGER {
        @Override
        Object parse(String text) {
            return Integer.valueOf(text);
        }

        @Override
        Bytes write(Object key) {
            return number((Integer) key);
        }

        @Override
        Object read(Bytes bytes) {
            return Math.toIntExact(number(bytes));
        }
    },
    STRING {
        @Override
        Object parse(String text) {
            return text;
        }

        @Override
        Bytes write(Object key) {
            return Bytes.utf8((String) key);
        }

        @Override
        Object read(Bytes bytes) {
            return bytes.utf8();
        }
    },
    UUID_KEY {
        @Override
        Object parse(String text) {
            return UUID.fromString(text);
        }

        @Override
        Bytes write(Object key) {
            UUID id = (UUID) key;
            return Bytes.wrap(ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .array());
        }

        @Override
        Object read(Bytes bytes) {
            ByteBuffer in = ByteBuffer.wrap(bytes.toArray());
            return new UUID(in.getLong(), in.getLong());
        }
    };

    /** Together with the name of the contract it is a key of the store. */
    static final int BYTES_MAX = 256;

    /** As people write it; an IllegalArgumentException if that is no such key. */
    abstract Object parse(String text);

    abstract Bytes write(Object key);

    /** A RuntimeException if these bytes are no such key. */
    abstract Object read(Bytes bytes);

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

    /** By what the contract says after {@code Entity}. */
    static Keys of(Class<?> contract) {
        for (Type parent : contract.getGenericInterfaces()) {
            if (parent instanceof ParameterizedType entity && entity.getRawType() == Entity.class) {
                Type key = entity.getActualTypeArguments()[0];
                if (key == Long.class) {
                    return LONG;
                } else if (key == Integer.class) {
                    return INTEGER;
                } else if (key == String.class) {
                    return STRING;
                } else if (key == UUID.class) {
                    return UUID_KEY;
                }
                throw new IllegalArgumentException(contract.getName() + " has keys of type " + key.getTypeName()
                        + "; a key is a Long, an Integer, a String or a UUID");
            }
        }
        throw new IllegalArgumentException(
                contract.getName() + " does not extend Entity itself: interface X extends Entity<Long>");
    }
}
