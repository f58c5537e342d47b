package dev.berth.lab.sim.app;

import dev.berth.core.cluster.SlotId;
import dev.berth.core.wire.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call asks of a slot.
 *
 * @param key the counter
 * @param next a slot to call or to send to from there; null for none
 */
record Job(Kind kind, int key, @Nullable SlotId next) {
    enum Kind {
        /** Add one, durably, then answer. */
        ADD,
        /** The same, and then have another slot add one before answering. */
        ADD_AND_CALL,
        /** The same, and send a note to another slot. */
        ADD_AND_SEND,
        /** A one-way message: counted in memory, and made durable when the slot is drained. */
        NOTE,
        /** Tell a counter, from memory. */
        GET,
    }

    Bytes body() {
        String text = kind + " " + key;
        return Bytes.utf8(next == null ? text : text + " " + next.service() + " " + next.number());
    }

    static Job of(Bytes body) {
        List<String> words = List.of(body.utf8().split(" ", -1));
        SlotId next = words.size() == 2 ? null : new SlotId(words.get(2), Integer.parseInt(words.get(3)));
        return new Job(Kind.valueOf(words.get(0)), Integer.parseInt(words.get(1)), next);
    }
}
