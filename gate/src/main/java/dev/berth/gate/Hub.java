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

/** Stands for a gate: what is told here is for many of its clients. */
@AtOnce
record Hub(SessionGate gate) implements Behavior<Object>, Misses {
    @Override
    public @Nullable Object on(Self<Object> self, Object message) {
        try {
            Telling telling = Telling.read(ClientProcess.bytes(message, "a gate"));
            for (Place place : telling.places()) {
                gate.told(telling, place);
            }
        } catch (WireException unreadable) {
            throw new IllegalArgumentException("nothing that a feed tells: " + unreadable.getMessage(), unreadable);
        }
        return null;
    }

    @Override
    public void missed() {
        gate.missed();
    }
}
