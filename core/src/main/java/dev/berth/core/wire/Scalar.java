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
        BOOL(0, 1, 1),
        BYTE(Byte.MIN_VALUE, Byte.MAX_VALUE, 8),
        SHORT(Short.MIN_VALUE, Short.MAX_VALUE, 16),
        INT(Integer.MIN_VALUE, Integer.MAX_VALUE, 32),
        LONG(Long.MIN_VALUE, Long.MAX_VALUE, 64);

        private final long min;
        private final long max;
        private final int bits;

        Primitive(long min, long max, int bits) {
            this.min = min;
            this.max = max;
            this.bits = bits;
        }

        /** A boolean comes as 0 or 1. */
        public long encode(long value) {
            return this == BOOL ? value : value << 1 ^ value >> 63;
        }

        public long decode(long raw) throws WireException {
            if (this == BOOL && raw >>> 1 != 0) {
                throw new WireException(Kind.OUT_OF_RANGE, "a boolean is 0 or 1, got " + Long.toUnsignedString(raw));
            }
            long value = this == BOOL ? raw : raw >>> 1 ^ -(raw & 1);
            if (value < min || value > max) {
                throw new WireException(Kind.OUT_OF_RANGE, value + " does not fit into " + bits + " bits");
            }
            return value;
        }

        @Override
        public long raw(Object value) {
            return encode(value instanceof Boolean flag ? flag ? 1 : 0 : ((Number) value).longValue());
        }

        @Override
        public Object value(long raw) throws WireException {
            long value = decode(raw);
            // Without the casts all would be widened to long.
            return switch (this) {
                case BOOL -> (Object) (value != 0);
                case BYTE -> (Object) (byte) value;
                case SHORT -> (Object) (short) value;
                case INT -> (Object) (int) value;
                case LONG -> (Object) value;
            };
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
