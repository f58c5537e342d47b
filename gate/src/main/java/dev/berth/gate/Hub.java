package dev.berth.gate;

import dev.berth.core.session.Place;
import dev.berth.core.session.Telling;
import dev.berth.core.wire.WireException;
import dev.berth.node.process.AtOnce;
import dev.berth.node.process.Behavior;
import dev.berth.node.process.Misses;
import dev.berth.node.process.Self;
import org.jspecify.annotations.Nullable;

// What a feed tells a thousand clients is one message to their gate. It says who they are, since the gate knows of a
// client only which feeds it hears, and not who else does.

/** Stands for many who hear feeds at a node: what is told here is for several of them. */
@AtOnce
record Hub(Hearers hearers) implements Behavior<Object>, Misses {
    /** Those for whom it stands. On any thread. */
    interface Hearers {
        void told(Telling telling, Place place);

        /** What a feed told was not admitted here: nobody knows of whom it was. */
        void missed();
    }

    @Override
    public @Nullable Object on(Self<Object> self, Object message) {
        try {
            Telling telling =
                    message instanceof Telling here ? here : Telling.read(ClientProcess.bytes(message, "a hub"));
            for (Place place : telling.places()) {
                hearers.told(telling, place);
            }
        } catch (WireException unreadable) {
            throw new IllegalArgumentException("nothing that a feed tells: " + unreadable.getMessage(), unreadable);
        }
        return null;
    }

    @Override
    public void missed() {
        hearers.missed();
    }
}
