package dev.berth.lab.sim.net;

import dev.berth.lab.sim.kernel.Digest;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

// A message told to thousands is encoded once and parsed once: the frame is shared, and so is what was read from it,
// which is safe because messages are immutable.

/** A message on its way: what was sent, its bytes, and what the receiver reads from them. One thread. */
public final class Frame {
    private final Object sent;
    private final byte[] bytes;
    private final long digest;
    private @Nullable Object read;

    public Frame(Object sent, byte[] bytes) {
        this.sent = sent;
        this.bytes = bytes;
        this.digest = Digest.of(bytes);
    }

    /** For rules of the network and for the trace only: receivers {@link #read}. */
    public Object sent() {
        return sent;
    }

    public int length() {
        return bytes.length;
    }

    public long digest() {
        return digest;
    }

    public Object read(Function<byte[], Object> parser) {
        if (read == null) {
            read = parser.apply(bytes);
        }
        return read;
    }
}
