package dev.berth.core.wire;

import dev.berth.core.wire.WireException.Kind;
import java.lang.invoke.MethodHandle;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** How values that are one varint stand on the wire. Any thread. */
public sealed interface Scalar {
    /** The varint of a value. */
    long raw(Object value);

    /** The value of a varint. */
    Object value(long raw) throws WireException;

    /** Numbers in zigzag, so that small negative ones are short too. */
    enum Primitive implements Scalar {
        BOOL {
            @Override
            public long encode(long value) {
                return value;
            }

            @Override
            public long decode(long raw) throws WireException {
                if (raw >>> 1 != 0) {
                    throw new WireException(
                            Kind.OUT_OF_RANGE, "a boolean is 0 or 1, got " + Long.toUnsignedString(raw));
                }
                return raw;
            }

            @Override
            public long raw(Object value) {
                return (Boolean) value ? 1 : 0;
            }

            @Override
            public Object value(long raw) throws WireException {
                return decode(raw) != 0;
            }
        },
        BYTE {
            @Override
            public long encode(long value) {
                return LONG.encode(value);
            }

            @Override
            public long decode(long raw) throws WireException {
                return fitting(raw, Byte.MIN_VALUE, Byte.MAX_VALUE, Byte.SIZE);
            }

            @Override
            public long raw(Object value) {
                return encode((Byte) value);
            }

            @Override
            public Object value(long raw) throws WireException {
                return (byte) decode(raw);
            }
        },
        SHORT {
            @Override
            public long encode(long value) {
                return LONG.encode(value);
            }

            @Override
            public long decode(long raw) throws WireException {
                return fitting(raw, Short.MIN_VALUE, Short.MAX_VALUE, Short.SIZE);
            }

            @Override
            public long raw(Object value) {
                return encode((Short) value);
            }

            @Override
            public Object value(long raw) throws WireException {
                return (short) decode(raw);
            }
        },
        INT {
            @Override
            public long encode(long value) {
                return LONG.encode(value);
            }

            @Override
            public long decode(long raw) throws WireException {
                return fitting(raw, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.SIZE);
            }

            @Override
            public long raw(Object value) {
                return encode((Integer) value);
            }

            @Override
            public Object value(long raw) throws WireException {
                return (int) decode(raw);
            }
        },
        LONG {
            @Override
            public long encode(long value) {
                return value << 1 ^ value >> 63;
            }

            @Override
            public long decode(long raw) {
                return raw >>> 1 ^ -(raw & 1);
            }

            @Override
            public long raw(Object value) {
                return encode((Long) value);
            }

            @Override
            public Object value(long raw) {
                return decode(raw);
            }
        };

        /** A boolean comes as 0 or 1. */
        public abstract long encode(long value);

        public abstract long decode(long raw) throws WireException;

        private static long fitting(long raw, long min, long max, int bits) throws WireException {
            long value = LONG.decode(raw);
            if (value < min || value > max) {
                throw new WireException(Kind.OUT_OF_RANGE, value + " does not fit into " + bits + " bits");
            }
            return value;
        }
    }

    /** Constants by their {@link Code}; none has 0, so an absent one is noticed. */
    final class Enumerated implements Scalar {
        private final String name;
        private final int[] codes;
        private final @Nullable Object[] constants;

        /**
         * @param codes by ordinal
         * @param constants by code
         */
        Enumerated(String name, int[] codes, @Nullable Object[] constants) {
            this.name = name;
            this.codes = codes;
            this.constants = constants;
        }

        @Override
        @SuppressWarnings("EnumOrdinal") // an index into a table of this very class, built when the program starts
        public long raw(Object value) {
            return codes[((Enum<?>) value).ordinal()];
        }

        @Override
        public Object value(long raw) throws WireException {
            Object constant = raw >= 0 && raw < constants.length ? constants[(int) raw] : null;
            if (constant == null) {
                throw new WireException(
                        Kind.UNKNOWN,
                        name + " has no constant " + Long.toUnsignedString(raw) + "; is the sender newer?");
            }
            return constant;
        }
    }

    /** A record around a number, written as the number. */
    record Wrapped(String name, Primitive inner, ToLongFunction<Object> unwrap, MethodHandle wrap) implements Scalar {
        @Override
        public long raw(Object value) {
            return inner.encode(unwrap.applyAsLong(value));
        }

        @Override
        public Object value(long raw) throws WireException {
            return Access.wrapNumber(wrap, inner.decode(raw), name);
        }
    }
}
