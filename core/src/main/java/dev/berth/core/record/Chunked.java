package dev.berth.core.record;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Scalar.Primitive;
import dev.berth.core.wire.Source;
import dev.berth.core.wire.WireException;
import dev.berth.core.wire.WireException.Kind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values of the language that have a length. */
enum Chunked implements Form {
    TEXT("text") {
        @Override
        public void write(Draft out, Object value) {
            out.sink.text((String) value);
        }

        @Override
        public Object read(Source in) throws WireException {
            return in.text(Integer.MAX_VALUE);
        }

        @Override
        public @Nullable Object absent() {
            return "";
        }
    },

    BYTES("bytes") {
        @Override
        public void write(Draft out, Object value) {
            out.sink.raw((Bytes) value);
        }

        @Override
        public Object read(Source in) throws WireException {
            return in.raw(Integer.MAX_VALUE);
        }

        @Override
        public @Nullable Object absent() {
            return Bytes.EMPTY;
        }

        @Override
        public boolean isKey() {
            return false;
        }
    },

    /** Sixteen bytes, in the order in which a UUID is written. */
    UUID("uuid") {
        @Override
        public void write(Draft out, Object value) {
            UUID uuid = (UUID) value;
            out.sink.bigEndian(uuid.getMostSignificantBits(), 8);
            out.sink.bigEndian(uuid.getLeastSignificantBits(), 8);
        }

        @Override
        public Object read(Source in) throws WireException {
            Bytes bytes = in.raw(Integer.MAX_VALUE);
            if (bytes.length() != 16) {
                throw new WireException(Kind.MALFORMED, "a UUID of " + bytes.length() + " bytes");
            }
            ByteBuffer words = ByteBuffer.wrap(bytes.toArray());
            return new UUID(words.getLong(), words.getLong());
        }
    },

    DURATION("duration") {
        @Override
        public void write(Draft out, Object value) {
            Duration duration = (Duration) value;
            seconds(out, duration.getSeconds(), duration.getNano());
        }

        @Override
        public Object read(Source in) throws WireException {
            long[] parts = seconds(in);
            return Duration.ofSeconds(parts[0], parts[1]);
        }
    },

    /** Seconds since 1970 in UTC. */
    INSTANT("instant") {
        @Override
        public void write(Draft out, Object value) {
            Instant instant = (Instant) value;
            seconds(out, instant.getEpochSecond(), instant.getNano());
        }

        @Override
        public Object read(Source in) throws WireException {
            long[] parts = seconds(in);
            if (parts[0] < Instant.MIN.getEpochSecond() || parts[0] > Instant.MAX.getEpochSecond()) {
                throw new WireException(Kind.OUT_OF_RANGE, parts[0] + " seconds are no instant");
            }
            return Instant.ofEpochSecond(parts[0], parts[1]);
        }
    };

    private static final int SECONDS = 1 << 3 | Source.VARINT;
    private static final int NANOS = 2 << 3 | Source.VARINT;
    private static final int NANOS_MAX = 999_999_999;

    private final String kind;

    Chunked(String kind) {
        this.kind = kind;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public int wireType() {
        return Source.CHUNK;
    }

    private static void seconds(Draft out, long seconds, int nanos) {
        out.sink.scalar(SECONDS, Primitive.LONG.encode(seconds));
        out.sink.scalar(NANOS, Primitive.INT.encode(nanos));
    }

    private static long[] seconds(Source in) throws WireException {
        long[] parts = new long[2];
        int outer = in.enter();
        while (in.more()) {
            int tag = in.tag();
            if (tag == SECONDS || tag == NANOS) {
                parts[tag == SECONDS ? 0 : 1] = Primitive.LONG.decode(in.varint());
            } else {
                in.skip(tag);
            }
        }
        in.leave(outer);
        if (parts[1] < 0 || parts[1] > NANOS_MAX) {
            throw new WireException(Kind.OUT_OF_RANGE, parts[1] + " nanoseconds, at most " + NANOS_MAX);
        }
        return parts;
    }
}
