package dev.berth.client;

import dev.berth.client.ClientException.Kind;
import dev.berth.core.PublicApi;
import dev.berth.core.record.RecordBook;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What came from the game: a name, and bytes that are a record, JSON, or what the game likes. Immutable; any thread. */
@PublicApi
public final class Letter {
    private final String type;
    private final Bytes body;
    private final @Nullable RecordBook book;

    Letter(String type, Bytes body, @Nullable RecordBook book) {
        this.type = type;
        this.body = body;
        this.book = book;
    }

    /** What the body is; a record's name in its book, as in {@code hello/Bag}. */
    public String type() {
        return type;
    }

    /** At most 4,096 bytes in an answer, 16,384 in what is told. */
    public Bytes body() {
        return body;
    }

    public String text() {
        return body.utf8();
    }

    /** The record, by the client's book; a ClientException of kind UNREADABLE says why it is none. */
    public Object message() {
        if (book == null) {
            throw new ClientException(
                    Kind.UNREADABLE, "", "'" + type + "' cannot be read without a book: ClientSetup.records(...)");
        }
        try {
            return book.read(body);
        } catch (WireException e) {
            throw new ClientException(
                    Kind.UNREADABLE, "", "'" + type + "' is no record of the book: " + e.getMessage());
        }
    }

    /** The record, if it is one of this type or below this sealed interface. */
    public <T> T as(Class<T> wanted) {
        Object message = message();
        if (!wanted.isInstance(message)) {
            throw new ClientException(
                    Kind.UNREADABLE, "", "expected " + wanted.getSimpleName() + ", got '" + type + "'");
        }
        return wanted.cast(message);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Letter that && type.equals(that.type) && body.equals(that.body);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, body);
    }

    @Override
    public String toString() {
        return "'" + type + "', " + body;
    }
}
