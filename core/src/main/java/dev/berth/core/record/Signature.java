package dev.berth.core.record;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Source;
import dev.berth.core.wire.WireException;
import dev.berth.core.wire.WireException.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

// Arguments are a message whose fields are numbered from 1 in their order, an answer one with the field 1 alone; null
// is a field that is not there. So a parameter that is added at the end is null, or an empty collection, in calls of
// those who do not know it.

/** What a method of a contract takes and answers, as it stands on the wire. Any thread. */
public final class Signature {
    private final String name;
    private final RecordBook book;
    private final List<Form> parameters;
    private final boolean[] primitives;
    private final @Nullable Form answer;
    private final boolean primitive;

    /**
     * @param answer null for a method that answers nothing
     * @param primitive whether the answer is never null
     */
    Signature(
            String name,
            RecordBook book,
            List<Form> parameters,
            boolean[] primitives,
            @Nullable Form answer,
            boolean primitive) {
        this.name = name;
        this.book = book;
        this.parameters = List.copyOf(parameters);
        this.primitives = primitives;
        this.answer = answer;
        this.primitive = primitive;
    }

    /** An IllegalArgumentException names what cannot be written. */
    public Bytes writeArguments(@Nullable Object[] arguments) {
        Draft out = book.draft();
        for (int i = 0; i < parameters.size(); i++) {
            write(out, i, parameters.get(i), arguments[i]);
        }
        return Bytes.wrap(out.take());
    }

    public @Nullable Object[] readArguments(Bytes bytes) throws WireException {
        return read(bytes, parameters, primitives);
    }

    public Bytes writeAnswer(@Nullable Object value) {
        Draft out = book.draft();
        if (answer != null) {
            write(out, 0, answer, value);
        }
        return Bytes.wrap(out.take());
    }

    public @Nullable Object readAnswer(Bytes bytes) throws WireException {
        return answer == null ? null : read(bytes, List.of(answer), new boolean[] {primitive})[0];
    }

    private void write(Draft out, int index, Form form, @Nullable Object value) {
        if (value == null && !(form instanceof Many)) {
            return;
        }
        try {
            if (value == null) {
                throw new IllegalArgumentException("null would come back as an empty " + form.kind() + "; use that");
            }
            out.field((index + 1) << 3 | form.wireType(), form, value);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    private @Nullable Object[] read(Bytes bytes, List<Form> forms, boolean[] never) throws WireException {
        @Nullable Object[] values = new @Nullable Object[forms.size()];
        Source in = book.source(bytes);
        try {
            while (in.more()) {
                int tag = in.tag();
                int index = (tag >>> 3) - 1;
                if (index >= values.length) {
                    in.skip(tag);
                    continue;
                }
                Form form = forms.get(index);
                Source.require(tag & 7, form.wireType());
                if (values[index] != null) {
                    throw new WireException(Kind.MALFORMED, "field " + (index + 1) + " comes twice");
                }
                values[index] = form.read(in);
            }
            for (int i = 0; i < values.length; i++) {
                if (values[i] == null && forms.get(i) instanceof Many many) {
                    values[i] = many.finish(null);
                } else if (values[i] == null && never[i]) {
                    throw new WireException(Kind.MISSING, "argument " + (i + 1) + " is not there");
                }
            }
        } catch (WireException e) {
            throw e.within(name);
        }
        return values;
    }
}
