package dev.berth.core.record;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.Source;
import dev.berth.core.wire.WireException;
import dev.berth.core.wire.WireException.Kind;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// A state outlives the build that wrote it, and during a rolling upgrade two builds read each other's messages. So on
// the wire nothing is named by its class or its place: a record goes by a name of its own, a component by a number
// that follows from its name and its kind. docs/records.md has the format and what may be changed.

/**
 * The records of an application, as they go to other nodes, to clients and into the store. Any thread.
 *
 * <pre>{@code
 * RecordBook book = RecordBook.named("hello").with(Bag.class, Buy.class).build();
 * Bytes bytes = book.write(new Bag(100, Map.of()));
 * Bag bag = book.read(bytes, Bag.class);
 * }</pre>
 */
@PublicApi
public final class RecordBook {
    /** One value: 1 MiB, 100,000 records, texts and elements, 64 levels. */
    public static final Limits LIMITS = new Limits(1 << 20, 100_000, 64);

    private final String name;
    private final Limits limits;
    private final SortedMap<String, RecordForm> forms;
    private final SortedMap<String, Class<?>> types = new TreeMap<>();
    private final Choice all;
    private final Map<Method, Signature> signatures = new LinkedHashMap<>();

    RecordBook(String name, Limits limits, Registrar registrar, List<Class<?>> types, List<Method> methods) {
        this.name = name;
        this.limits = limits;
        methods.forEach(method -> signatures.put(method, registrar.signature(method, this)));
        this.forms = registrar.register(types);
        forms.forEach((wire, form) -> this.types.put(wire, form.type()));
        this.all = new Choice(
                "the book '" + name + "'",
                "register it with RecordBook.named(\"" + name + "\").with(...), or say @Was(\"...\") if it was renamed;"
                        + " if the writer is the newer build, roll forward",
                false);
        all.complete(forms.values());
    }

    /** Begins a book; its name goes in front of its records' names, as in {@code hello/Bag}. */
    public static Registration named(String name) {
        return new Registration(name);
    }

    public String name() {
        return name;
    }

    /** Every record by its name on the wire, also those that were found in components. */
    public SortedMap<String, Class<?>> types() {
        return Collections.unmodifiableSortedMap(types);
    }

    /**
     * The bytes of a record: its name and its fields; equal records have equal bytes. An IllegalArgumentException names a type
     * that is not registered, a null where none may be, and a value over the limits.
     */
    public Bytes write(Object value) {
        Draft draft = draft();
        all.write(draft, value);
        return Bytes.wrap(draft.take());
    }

    /** The record of all the bytes. */
    public Object read(Bytes bytes) throws WireException {
        return all.readRest(source(bytes));
    }

    /** The same, if it is a record of this type or below this sealed interface. */
    public <T> T read(Bytes bytes, Class<T> type) throws WireException {
        Object value = read(bytes);
        if (!type.isInstance(value)) {
            throw new WireException(
                    Kind.INVALID, "expected " + type.getSimpleName() + ", got " + WireNames.of(name, value.getClass()));
        }
        return type.cast(value);
    }

    /**
     * The components of a record as maps, lists, texts, Longs, Doubles, Booleans and null, ready to be JSON: without its name, which {@link #types}
     * has. docs/records.md says how each is written; an IllegalArgumentException as for {@link #write}.
     */
    public Map<String, @Nullable Object> plain(Object value) {
        return PlainWriter.record(all.form(value), value);
    }

    /** The record of this name that such a map says; whoever makes it of a stranger's text bounds its depth and its size. */
    public Object ofPlain(String type, @Nullable Object plain) throws WireException {
        RecordForm form = all.form(type);
        try {
            return PlainReader.record(form, plain);
        } catch (WireException e) {
            throw e.within(type);
        }
    }

    public boolean has(Method method) {
        return signatures.containsKey(method);
    }

    /** Of a method that is in the book. */
    public Signature signature(Method method) {
        Signature signature = signatures.get(method);
        if (signature == null) {
            throw new IllegalArgumentException(
                    method + " is not in the book '" + name + "': register it with Registration.methods");
        }
        return signature;
    }

    Draft draft() {
        return new Draft(limits);
    }

    Source source(Bytes bytes) throws WireException {
        Source in = new Source(limits);
        in.reset(bytes);
        return in;
    }

    /**
     * The book for a program in another language: a line per record, {@code record NAME VERSION}, and per field
     * {@code NUMBER NAME KIND}, with a ? behind the kind if an absent field is null.
     */
    public String schema() {
        StringBuilder schema = new StringBuilder("book " + name + "\n");
        forms.forEach((wire, form) -> {
            schema.append("record ")
                    .append(wire)
                    .append(' ')
                    .append(form.version())
                    .append('\n');
            for (Part part : form.parts()) {
                schema.append("  %d %s %s%s\n"
                        .formatted(part.number, part.wireName, part.kind, part.isNullable() ? "?" : ""));
            }
        });
        return schema.toString();
    }
}
