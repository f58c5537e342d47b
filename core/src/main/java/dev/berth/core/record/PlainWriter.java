package dev.berth.core.record;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Scalar.Primitive;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

// The forms of a book, once more in the words of JSON: so names, and what may be changed, are the same in both. A
// program that has doubles only would spoil large whole numbers without a word; those go as text.

/** A book's values as maps, lists, texts, Longs, Doubles, Booleans and null. Any thread. */
final class PlainWriter {
    /** Beyond it a double does not have every whole number. */
    private static final long SAFE_MAX = (1L << 53) - 1;

    private PlainWriter() {}

    private static @Nullable Object value(Form form, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        return switch (form) {
            case Numeral(String _, Primitive type) ->
                type == Primitive.BOOL ? value : whole(((Number) value).longValue());
            case Real _ -> real(value);
            case Chunked _ -> value instanceof Bytes bytes ? hex(bytes) : value.toString();
            case Constants constants -> constants.name(value);
            case RecordForm record -> record(record, value);
            case Choice choice -> choice(choice.form(value), value);
            case Many.Elements many -> elements(many.element(), (Iterable<?>) value);
            case Many.Entries many when many.hasPairs() -> pairs(many, (Map<?, ?>) value);
            case Many.Entries many -> entries(many, (Map<?, ?>) value);
            case Surrogate surrogate ->
                value(surrogate.form(), surrogate.write().apply(value));
        };
    }

    private static String hex(Bytes bytes) {
        return HexFormat.of().formatHex(bytes.toArray());
    }

    private static Object whole(long value) {
        return value > SAFE_MAX || value < -SAFE_MAX ? (Object) String.valueOf(value) : (Object) value;
    }

    /** A float as the text it has, and not with the digits that it gets as a double. */
    private static Object real(Object value) {
        double number = value instanceof Float real ? Double.parseDouble(real.toString()) : (Double) value;
        return Double.isFinite(number) ? (Object) number : value.toString();
    }

    static Map<String, @Nullable Object> record(RecordForm form, Object record) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (Part part : form.components()) {
            all.put(part.wireName, value(part.form(), part.get(record)));
        }
        return all;
    }

    private static Map<String, Object> choice(RecordForm form, Object record) {
        Map<String, Object> both = new LinkedHashMap<>();
        both.put("type", form.name());
        both.put("value", record(form, record));
        return both;
    }

    private static List<@Nullable Object> elements(Form element, Iterable<?> all) {
        List<@Nullable Object> plain = new ArrayList<>();
        all.forEach(one -> plain.add(value(element, one)));
        return plain;
    }

    /** Of keys that are records, which cannot be names. */
    private static List<@Nullable Object> pairs(Many.Entries many, Map<?, ?> map) {
        List<@Nullable Object> plain = new ArrayList<>();
        map.forEach((key, value) -> {
            List<@Nullable Object> pair = new ArrayList<>(2);
            pair.add(value(many.key(), key));
            pair.add(value(many.value(), value));
            plain.add(pair);
        });
        return plain;
    }

    private static Map<String, @Nullable Object> entries(Many.Entries many, Map<?, ?> map) {
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        map.forEach((key, value) -> plain.put(
                many.key() instanceof Constants constants ? constants.name(key) : key.toString(),
                value(many.value(), value)));
        return plain;
    }
}
