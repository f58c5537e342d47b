package dev.berth.gate;

import dev.berth.core.gateway.PlaceAnswer;
import dev.berth.core.gateway.PlaceCall;
import dev.berth.core.record.RecordBook;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;

/** What gateways and servers say to each other, as bytes and back. Any thread. */
final class PlaceBook {
    private static final RecordBook BOOK =
            RecordBook.named("places").with(PlaceCall.class, PlaceAnswer.class).build();

    private PlaceBook() {}

    static Bytes write(Object value) {
        return BOOK.write(value);
    }

    static <T> T read(Bytes bytes, Class<T> type) throws WireException {
        return BOOK.read(bytes, type);
    }
}
