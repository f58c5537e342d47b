package dev.berth.core.call;

import dev.berth.core.cluster.Incarnation;
import org.jspecify.annotations.Nullable;

/** The current connection with one peer and the calls under way on it, in the order of sending. */
final class Line {
    final Incarnation peer;
    /** 0 = none. */
    long connection;

    boolean asked;

    @Nullable
    Flight first;

    private @Nullable Flight last;

    Line(Incarnation peer) {
        this.peer = peer;
    }

    boolean isOpen() {
        return connection != 0;
    }

    void add(Flight flight) {
        flight.line = this;
        flight.connection = connection;
        flight.earlier = last;
        if (last == null) {
            first = flight;
        } else {
            last.later = flight;
        }
        last = flight;
    }

    void remove(Flight flight) {
        Flight before = flight.earlier;
        Flight after = flight.later;
        if (before == null) {
            first = after;
        } else {
            before.later = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.earlier = before;
        }
        flight.earlier = null;
        flight.later = null;
        flight.line = null;
    }
}
