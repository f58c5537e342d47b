package dev.berth.node.process;

import dev.berth.core.call.Address;
import dev.berth.core.call.PeerMessage;
import dev.berth.core.record.RecordBook;
import dev.berth.core.record.Registration;
import dev.berth.core.record.Signature;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.WireException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

// Messages and answers are values on their own as docs/records.md has them: records of the application's book, or of
// the book "berth" for numbers, text and the like.

/** What processes say to each other, as bytes and back. Any thread. */
final class Parcels {
    private static final String OWN = "berth";
    private static final byte[] OWN_NAMES = (OWN + "/").getBytes(StandardCharsets.US_ASCII);
    /** Behind the tag and the length of the record's name. */
    private static final int NAME_AT = 2;

    /** From where a way that is being read leads. */
    private static final ScopedValue<Function<? super Address, ? extends ProcessRef<?>>> READER =
            ScopedValue.newInstance();

    /** Its schema is {@code examples/python/berth.schema}. */
    static final RecordBook PLAIN = registration(OWN)
            .with(Plain.class, Raw.class, Errand.class, Called.class, Published.class)
            .build();

    private final Function<? super Address, ? extends ProcessRef<?>> home;
    private final @Nullable RecordBook book;

    /** @param home the way to the process that has the address */
    Parcels(Function<? super Address, ? extends ProcessRef<?>> home, @Nullable RecordBook book) {
        this.home = home;
        this.book = book;
        if (book != null && book.name().equals(OWN)) {
            throw new IllegalArgumentException("a book of messages has a name of its own, not '" + OWN + "'");
        }
    }

    /** Begins a book in which the way to a process goes as its address. */
    static Registration registration(String name, Class<?>... contracts) {
        Registration book = RecordBook.named(name)
                .surrogate(ProcessRef.class, Long.class, way -> way.address().value(), Parcels::way);
        for (Class<?> contract : contracts) {
            book.methods(Contract.of(contract).methods());
            surrogate(book, contract);
        }
        return book;
    }

    private static <C> void surrogate(Registration book, Class<C> contract) {
        book.surrogate(
                contract,
                Long.class,
                way -> ContractWay.processOf(way).address().value(),
                address -> way(address).as(contract));
    }

    private static ProcessRef<?> way(long value) {
        Address address = new Address(value);
        if (address.node().isNone()) {
            throw new IllegalArgumentException("an address without a node");
        }
        return READER.get().apply(address);
    }

    /** An IllegalArgumentException says what cannot be sent, and why. */
    Bytes write(@Nullable Object value) {
        Bytes bytes = value == null ? PLAIN.write(new Plain.Nothing()) : record(value);
        if (bytes.length() > PeerMessage.BODY_MAX) {
            throw new IllegalArgumentException("a message of " + bytes.length() + " bytes, at most "
                    + PeerMessage.BODY_MAX + ": send larger things in pieces");
        }
        return bytes;
    }

    private static boolean isOfOwnBook(Object value) {
        return switch (value) {
            case Raw _, Errand _, Called _, Published _ -> true;
            default -> false;
        };
    }

    private Bytes record(Object value) {
        Plain plain = Plain.of(value);
        if (plain != null) {
            return PLAIN.write(plain);
        } else if (isOfOwnBook(value)) {
            return PLAIN.write(value);
        } else if (book != null) {
            return book.write(value);
        }
        throw new IllegalArgumentException(value.getClass().getName()
                + " cannot be sent to another node: this one has no book of messages (NodeConfig.withMessages)");
    }

    /** An IllegalArgumentException says that the method's contract is not in the book. */
    Signature signature(Method method) {
        if (book == null || !book.has(method)) {
            String contract = method.getDeclaringClass().getSimpleName();
            throw new IllegalArgumentException(contract + "." + method.getName() + " cannot be called at another node: "
                    + (book == null
                            ? "this one has no book of messages (NodeConfig.withMessages)"
                            : "it is not in the book '" + book.name() + "'")
                    + "; say Processes.messages(\"...\", " + contract + ".class)");
        }
        return book.signature(method);
    }

    @Nullable
    Object[] readArguments(Signature signature, Bytes bytes) throws WireException {
        return ScopedValue.where(READER, home)
                .<@Nullable Object[], WireException>call(() -> signature.readArguments(bytes));
    }

    @Nullable
    Object readAnswer(Signature signature, Bytes bytes) throws WireException {
        return ScopedValue.where(READER, home).<@Nullable Object, WireException>call(() -> signature.readAnswer(bytes));
    }

    @Nullable
    Object read(Bytes bytes) throws WireException {
        RecordBook written = isOwn(bytes) ? PLAIN : book;
        if (written == null) {
            throw new WireException(
                    WireException.Kind.UNKNOWN, "this node has no book of messages (NodeConfig.withMessages)");
        }
        Object value = ScopedValue.where(READER, home).<Object, WireException>call(() -> written.read(bytes));
        return value instanceof Plain plain ? Plain.value(plain) : value;
    }

    private static boolean isOwn(Bytes bytes) {
        if (bytes.length() < NAME_AT + OWN_NAMES.length) {
            return false;
        }
        for (int i = 0; i < OWN_NAMES.length; i++) {
            if (bytes.at(NAME_AT + i) != OWN_NAMES[i]) {
                return false;
            }
        }
        return true;
    }
}
