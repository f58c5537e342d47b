package dev.berth.core.wire;

import dev.berth.core.wire.WireException.Kind;
import java.lang.invoke.MethodHandle;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** How values that are one varint stand on the wire. Any thread. */
sealed interface Scalar {
    /** The varint of a value. */
    long raw(Object value);

    /** The value of a varint. */
    Object value(long raw) throws WireException;

    /** Numbers in zigzag, so that small negative ones are short too. */
    enum Primitive implements Scalar {
        BOOL {
            @Override
            long encode(long value) {
                return value;
            }

            @Override
            long decode(long raw) throws WireException {
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
        INT {
            @Override
            long encode(long value) {
                return value << 1 ^ value >> 63;
            }

            @Override
            long decode(long raw) throws WireException {
                long value = raw >>> 1 ^ -(raw & 1);
                if (value != (int) value) {
                    throw new WireException(Kind.OUT_OF_RANGE, value + " does not fit into 32 bits");
                }
                return value;
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
            long encode(long value) {
                return value << 1 ^ value >> 63;
            }

            @Override
            long decode(long raw) {
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
        abstract long encode(long value);

        abstract long decode(long raw) throws WireException;
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
