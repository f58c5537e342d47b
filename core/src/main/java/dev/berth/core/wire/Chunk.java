package dev.berth.core.wire;

import java.lang.invoke.MethodHandle;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How values with a length of their own stand on the wire. Any thread. */
sealed interface Chunk permits Chunk.Text, Chunk.Blob, Chunk.Wrapped, Message {
    /** Writes the value without its length. */
    void write(Sink out, Object value);

    /** Reads the length and the value. */
    Object read(Source in) throws WireException;

    /** What an absent field stands for; null if it must be there. */
    default @Nullable Object absent() throws WireException {
        return null;
    }

    record Text(int max) implements Chunk {
        @Override
        public void write(Sink out, Object value) {
            int start = out.size();
            out.text((String) value);
            if (out.size() - start > max) {
                throw new IllegalArgumentException((out.size() - start) + " bytes of text, at most " + max);
            }
        }

        @Override
        public Object read(Source in) throws WireException {
            return in.text(max);
        }

        @Override
        public Object absent() {
            return "";
        }
    }

    record Blob(int max) implements Chunk {
        @Override
        public void write(Sink out, Object value) {
            Bytes bytes = (Bytes) value;
            if (bytes.length() > max) {
                throw new IllegalArgumentException(bytes.length() + " bytes, at most " + max);
            }
            out.raw(bytes);
        }

        @Override
        public Object read(Source in) throws WireException {
            return in.raw(max);
        }

        @Override
        public Object absent() {
            return Bytes.EMPTY;
        }
    }

    /** A record around one of the others, written as that. */
    record Wrapped(String name, Chunk inner, Function<Object, @Nullable Object> unwrap, MethodHandle wrap)
            implements Chunk {
        @Override
        public void write(Sink out, Object value) {
            inner.write(out, Objects.requireNonNull(unwrap.apply(value), name));
        }

        @Override
        public Object read(Source in) throws WireException {
            return Access.wrapObject(wrap, inner.read(in), name);
        }

        @Override
        public @Nullable Object absent() throws WireException {
            Object absent = inner.absent();
            return absent == null ? null : Access.wrapObject(wrap, absent, name);
        }
    }
}
