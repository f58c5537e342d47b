package dev.berth.core.wire;

import dev.berth.core.wire.WireException.Kind;

// The encoding is that of protocol buffers, so that other languages have a way in; docs/protocol.md has the tables:
//   boolean             varint 0 or 1              (bool)
//   int, long           varint, zigzag             (sint32, sint64)
//   enum                varint, the @Code; never 0 (enum)
//   String, Bytes       length, content            (string, bytes)
//   record              length, fields             (message)
//   sealed interface    length, one field: the case's @Code, length, the case's fields   (message with a oneof)
//   List of scalars     length, elements           (repeated, packed)
//   List of others      one field per element      (repeated)
//   wrapper record      as its component
// Zero, "", empty lists and null are not written; an absent record or enum is an error unless it may be null.

/**
 * Turns values of one type into bytes and back. Any thread.
 *
 * @param <T> a record with numbered components, or a sealed interface of such records
 */
public final class Codec<T> {
    private final Class<T> type;
    private final Message message;

    private Codec(Class<T> type, Message message) {
        this.type = type;
        this.message = message;
    }

    /** Builds the codec of a type. That takes milliseconds: do it once. */
    public static <T> Codec<T> of(Class<T> type) {
        if (new Schema().chunk(type, 0) instanceof Message message) {
            return new Codec<>(type, message);
        }
        throw new IllegalArgumentException(type.getName() + " is neither a record with fields nor a sealed interface");
    }

    /** The bytes of a value; an IllegalArgumentException names the field that is over its bound. */
    public byte[] encode(T value) {
        Sink out = new Sink();
        write(out, value);
        return out.take();
    }

    void write(Sink out, T value) {
        message.write(out, value);
    }

    /** Reads fields up to the end of the source. */
    T readRest(Source in) throws WireException {
        return type.cast(message.readRest(in));
    }

    /** The value of all the bytes. */
    public T decode(byte[] bytes, Limits limits) throws WireException {
        return decode(bytes, 0, limits);
    }

    T decode(byte[] bytes, int from, Limits limits) throws WireException {
        try {
            if (bytes.length > limits.frameMax()) {
                throw new WireException(Kind.OVERSIZED, bytes.length + " bytes, at most " + limits.frameMax());
            }
            Source in = new Source(limits);
            in.reset(bytes, from, bytes.length);
            return type.cast(message.readRest(in));
        } catch (WireException e) {
            throw e.within(type.getSimpleName());
        }
    }
}
