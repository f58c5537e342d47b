package dev.berth.node.link;

import dev.berth.core.wire.Catalog;
import dev.berth.core.wire.FrameWriter;
import org.jspecify.annotations.Nullable;

// A master tells thousands of members the same view. It hands over the same object again and again, by which it is
// recognized; the second time its frame is kept, from the third time on it is only copied. What is said once costs a
// comparison, and what is kept is forgotten within a tick.

/** The long message that is being said to many. On its event loop only. */
@SuppressWarnings("ReferenceEquality") // the same object, not an equal one
final class Repeats {
    /** Shorter ones are encoded as fast as they are looked for. */
    static final int SIZE_MIN = 1 << 11;

    private @Nullable Object message;
    private @Nullable Catalog<?> catalog;
    private int version;
    private byte @Nullable [] frame;

    /** Writes a message for a link that speaks this version. */
    <O> void write(O said, Catalog<O> saidCatalog, int spoken, FrameWriter<O> writer) {
        boolean same = said == message && saidCatalog == catalog && spoken == version;
        if (same && frame != null) {
            writer.writeAgain(frame);
            return;
        }
        int before = writer.pending();
        writer.write(said);
        int size = writer.pending() - before;
        if (size >= SIZE_MIN) {
            frame = same ? writer.last(size) : null;
            message = said;
            catalog = saidCatalog;
            version = spoken;
        }
    }

    void forget() {
        message = null;
        catalog = null;
        frame = null;
    }
}
