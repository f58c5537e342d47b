package dev.berth.core.record;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Scalar.Primitive;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

// The forms of a book, once more in the words of JSON: so names, and what may be changed, are the same in both. A
// program that has doubles only would spoil large whole numbers without a word; those go as text.

/** Writes a record's components as JSON. One thread. */
final class JsonWriter {
    /** Beyond it a double does not have every whole number. */
    private static final long SAFE_MAX = (1L << 53) - 1;

    private final StringBuilder out = new StringBuilder();

    static String write(RecordForm form, Object record) {
        JsonWriter writer = new JsonWriter();
        writer.record(form, record);
        return writer.out.toString();
    }

    private void value(Form form, @Nullable Object value) {
        if (value == null) {
            out.append("null");
            return;
        }
        switch (form) {
            case Numeral(String _, Primitive type) -> {
                if (type == Primitive.BOOL) {
                    out.append(value);
                } else {
                    whole(((Number) value).longValue());
                }
            }
            case Real _ -> {
                if (Double.isFinite(((Number) value).doubleValue())) {
                    out.append(value);
                } else {
                    text(value.toString());
                }
            }
            case Chunked _ -> text(value instanceof Bytes bytes ? hex(bytes) : value.toString());
            case Constants constants -> text(constants.name(value));
            case RecordForm record -> record(record, value);
            case Choice choice -> {
                RecordForm record = choice.form(value);
                out.append("{\"type\":");
                text(record.name());
                out.append(",\"value\":");
                record(record, value);
                out.append('}');
            }
            case Many.Elements many -> elements(many.element(), (Collection<?>) value);
            case Many.Entries many -> entries(many, (Map<?, ?>) value);
            case Surrogate surrogate ->
                value(surrogate.form(), surrogate.write().apply(value));
        }
    }

    private static String hex(Bytes bytes) {
        return HexFormat.of().formatHex(bytes.toArray());
    }

    private void whole(long value) {
        if (value > SAFE_MAX || value < -SAFE_MAX) {
            text(String.valueOf(value));
        } else {
            out.append(value);
        }
    }

    private void record(RecordForm form, Object record) {
        char before = '{';
        for (Part part : form.components()) {
            out.append(before);
            text(part.wireName);
            out.append(':');
            value(part.form(), part.get(record));
            before = ',';
        }
        out.append(before == '{' ? "{}" : "}");
    }

    private void elements(Form element, Collection<?> all) {
        char before = '[';
        for (Object one : all) {
            out.append(before);
            value(element, one);
            before = ',';
        }
        out.append(before == '[' ? "[]" : "]");
    }

    /** An object; of keys that are records, which cannot be names, a list of pairs. */
    private void entries(Many.Entries many, Map<?, ?> map) {
        boolean named = !many.hasPairs();
        char open = named ? '{' : '[';
        char before = open;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(before);
            before = ',';
            if (named) {
                key(many.key(), entry.getKey());
                out.append(':');
                value(many.value(), entry.getValue());
            } else {
                out.append('[');
                value(many.key(), entry.getKey());
                out.append(',');
                value(many.value(), entry.getValue());
                out.append(']');
            }
        }
        if (before == open) {
            out.append(open);
        }
        out.append(named ? '}' : ']');
    }

    /** Numbers too are texts there. */
    private void key(Form form, Object key) {
        text(form instanceof Constants constants ? constants.name(key) : key.toString());
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                default -> {
                    if (c < ' ') {
                        out.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
