package dev.berth.node.session;

import dev.berth.core.record.WireName;
import dev.berth.core.session.SessionState;
import dev.berth.core.session.Tries;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;

/**
 * What a session keeps, in the application's book. Immutable; any thread.
 *
 * @param state a SessionState
 * @param kind of the user's key; "" before the first login
 * @param saidUnder the epoch under which the last SAY ran, or as {@link Tries} wants it
 */
@WireName("berth/SessionKept")
record SessionKept(Bytes state, String kind, long saidUnder) {
    static final SessionKept NEW = new SessionKept(SessionBook.write(SessionState.NEW), "", 0);

    SessionState session() {
        try {
            return SessionBook.read(state, SessionState.class);
        } catch (WireException unreadable) {
            throw new IllegalStateException("a session cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    SessionKept with(SessionState next) {
        return new SessionKept(SessionBook.write(next), kind, saidUnder);
    }

    SessionKept withKind(String other) {
        return new SessionKept(state, other, saidUnder);
    }

    SessionKept sayingUnder(long epoch) {
        return new SessionKept(state, kind, epoch);
    }
}
