package dev.berth.core.record;

import dev.berth.core.wire.Source;
import dev.berth.core.wire.WireException;
import dev.berth.core.wire.WireException.Kind;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A type that goes as a value of another one, by functions that the book was given. */
record Surrogate(Class<?> type, Form form, Function<Object, Object> write, Function<Object, Object> read)
        implements Form {
    @Override
    public String kind() {
        return form.kind();
    }

    @Override
    public int wireType() {
        return form.wireType();
    }

    @Override
    public void write(Draft out, Object value) {
        form.write(out, write.apply(value));
    }

    @Override
    public Object read(Source in) throws WireException {
        return made(form.read(in));
    }

    Object made(Object value) throws WireException {
        try {
            return read.apply(value);
        } catch (RuntimeException e) {
            throw new WireException(
                    Kind.INVALID, "no " + type.getSimpleName() + " can be made of it: " + e.getMessage());
        }
    }

    @Override
    public @Nullable Object absent() {
        return null;
    }

    @Override
    public List<String> kin() {
        return form.kin();
    }

    /** Nobody knows how it is compared. */
    @Override
    public boolean isKey() {
        return false;
    }
}
