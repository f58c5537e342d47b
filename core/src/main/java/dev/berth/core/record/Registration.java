package dev.berth.core.record;

import dev.berth.core.PublicApi;
import dev.berth.core.wire.Limits;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What goes into a {@link RecordBook}. One thread. */
@PublicApi
public final class Registration {
    private final String name;
    private final List<Class<?>> types = new ArrayList<>();
    private final List<Method> methods = new ArrayList<>();
    private final List<Upcast> upcasts = new ArrayList<>();
    private final List<Surrogate> surrogates = new ArrayList<>();
    private Limits limits = RecordBook.LIMITS;

    Registration(String name) {
        this.name = WireNames.checked(name, "the book's name");
        if (name.contains("/")) {
            throw new IllegalArgumentException("a book's name has no '/', got " + name);
        }
    }

    /** Adds records, and sealed interfaces for the records below them; what their components are made of is found. */
    public Registration with(Class<?>... more) {
        Collections.addAll(types, more);
        return this;
    }

    /** Adds methods that are called from elsewhere: what they take and answer is found. */
    public Registration methods(Collection<Method> more) {
        methods.addAll(more);
        return this;
    }

    /**
     * Says how a component's value is made from one of its former type, which is used where a record was written with that.
     *
     * @param component its name in Java today
     * @param former a class without type parameters: a number, text, record, enum, ...
     * @param function what it throws refuses the record
     */
    public <F> Registration upcast(
            Class<? extends Record> record,
            String component,
            Class<F> former,
            Function<? super F, ? extends @Nullable Object> function) {
        @SuppressWarnings("unchecked") // it is given what was read as the former type, and nothing else
        Function<Object, @Nullable Object> plain = (Function<Object, @Nullable Object>) (Function<?, ?>) function;
        upcasts.add(new Upcast(record, component, former, plain));
        return this;
    }

    /**
     * Says that a type, be it no record, goes as a value of another one; absent means null.
     *
     * @param wire a number, a box, text, Bytes, UUID, Duration or Instant
     * @param read what it throws refuses the record
     */
    public <T, W> Registration surrogate(
            Class<T> type,
            Class<W> wire,
            Function<? super T, ? extends W> write,
            Function<? super W, ? extends T> read) {
        Form form = Simple.form(wire);
        if (form == null) {
            throw new IllegalArgumentException(
                    type.getName() + " is to be written as " + wire.getName() + ", which is no simple value");
        }
        @SuppressWarnings("unchecked") // each is given what the other, or a component of the type, has brought
        Surrogate surrogate =
                new Surrogate(type, form, (Function<Object, Object>) (Function<?, ?>) write, (Function<Object, Object>)
                        (Function<?, ?>) read);
        surrogates.add(surrogate);
        return this;
    }

    /** Other bounds than {@link RecordBook#LIMITS}. */
    public Registration limits(Limits other) {
        limits = other;
        return this;
    }

    /** Looks into all the types, which takes milliseconds; an IllegalArgumentException says what cannot be written, and why. */
    public RecordBook build() {
        return new RecordBook(name, limits, new Registrar(name, upcasts, surrogates), types, methods);
    }
}
