package dev.berth.node.session;

import dev.berth.core.record.RecordBook;
import dev.berth.core.session.Push;
import dev.berth.core.session.SessionAnswer;
import dev.berth.core.session.SessionCall;
import dev.berth.core.session.SessionState;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;

// A book beside the application's: its records have plain names, Say and Read, which an application has too.

/** What gates and sessions say to each other, and what sessions keep, as bytes and back. Any thread. */
public final class SessionBook {
    private static final RecordBook BOOK = RecordBook.named("session")
            .with(SessionCall.class, SessionAnswer.class, SessionState.class, Push.What.class)
            .build();

    private SessionBook() {}

    public static Bytes write(Object value) {
        return BOOK.write(value);
    }

    public static <T> T read(Bytes bytes, Class<T> type) throws WireException {
        return BOOK.read(bytes, type);
    }
}
