package dev.berth.core.record;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Scalar.Primitive;
import dev.berth.core.wire.WireException;
import dev.berth.core.wire.WireException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

// A component that is not there is what it is on the wire: a client that is older than the game goes on. One that
// nobody knows is refused, unlike there: whoever writes by hand should hear of the wrong letter.

/** Maps, lists, texts, numbers, Booleans and null as values of a book. Any thread. */
final class PlainReader {
    /** What is shown of a text that is wrong. */
    private static final int SHOWN_MAX = 40;

    private PlainReader() {}

    static Object record(RecordForm form, @Nullable Object plain) throws WireException {
        Map<?, ?> fields = object(form.name(), plain);
        List<Part> parts = form.components();
        for (Object name : fields.keySet()) {
            if (parts.stream().noneMatch(part -> part.wireName.equals(name))) {
                throw new WireException(
                        Kind.UNKNOWN,
                        "there is no " + WireNames.shown(name.toString()) + ", only "
                                + parts.stream().map(part -> part.wireName).toList());
            }
        }
        return form.make(part -> {
            Object one = fields.get(part.wireName);
            if (one != null) {
                return part.form() instanceof Many many ? gathered(many, one) : value(part.form(), one);
            }
            if (fields.containsKey(part.wireName) && !part.isNullable()) {
                throw wanted("some " + part.kind, null);
            }
            return null;
        });
    }

    private static Object value(Form form, @Nullable Object plain) throws WireException {
        return switch (form) {
            case Numeral(String _, Primitive type) ->
                type == Primitive.BOOL ? flag(plain) : type.value(type.encode(whole(plain)));
            case Real real -> real(real, plain);
            case Chunked kind -> chunked(kind, plain);
            case Constants constants -> constants.constant(text("the name of a constant", plain));
            case RecordForm record -> record(record, plain);
            case Choice choice -> choice(choice, plain);
            case Many many -> many.finish(gathered(many, plain));
            case Surrogate surrogate -> surrogate.made(value(surrogate.form(), plain));
        };
    }

    private static Object within(String place, Form form, @Nullable Object plain) throws WireException {
        try {
            return value(form, plain);
        } catch (WireException e) {
            throw e.within(place);
        }
    }

    private static WireException wanted(String what, @Nullable Object plain) {
        String got = switch (plain) {
            case Map<?, ?> _ -> "an object";
            case List<?> _ -> "a list";
            case String text ->
                "\""
                        + text.codePoints()
                                .limit(SHOWN_MAX)
                                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        + "\"";
            case null, default -> String.valueOf(plain);
        };
        return new WireException(Kind.INVALID, what + " is wanted here, got " + got);
    }

    /** Also of the key of a map, where all is text. */
    private static Boolean flag(@Nullable Object plain) throws WireException {
        return switch (plain) {
            case Boolean flag -> flag;
            case String text when text.equals("true") || text.equals("false") -> text.equals("true");
            case null, default -> throw wanted("true or false", plain);
        };
    }

    private static long whole(@Nullable Object plain) throws WireException {
        String wanted = "a whole number";
        return switch (plain) {
            case Long number -> number;
            case Double real when real == real.longValue() && real.longValue() != Long.MAX_VALUE -> real.longValue();
            case String text -> {
                try {
                    yield Long.parseLong(text);
                } catch (NumberFormatException none) {
                    throw wanted(wanted, plain);
                }
            }
            case null, default -> throw wanted(wanted, plain);
        };
    }

    private static Object real(Real form, @Nullable Object plain) throws WireException {
        double value = switch (plain) {
            case Number number -> number.doubleValue();
            case String text when text.equals("NaN") -> Double.NaN;
            case String text when text.equals("Infinity") -> Double.POSITIVE_INFINITY;
            case String text when text.equals("-Infinity") -> Double.NEGATIVE_INFINITY;
            case null, default -> throw wanted("a number", plain);
        };
        form.bits(Double.doubleToLongBits(value));
        return form == Real.FLOAT ? (Object) (float) value : (Object) value;
    }

    private static String text(String what, @Nullable Object plain) throws WireException {
        if (plain instanceof String text) {
            return text;
        }
        throw wanted(what, plain);
    }

    private static Object chunked(Chunked kind, @Nullable Object plain) throws WireException {
        String wanted = kind == Chunked.TEXT ? "a text" : "a text with " + kind.kind();
        String text = text(wanted, plain);
        try {
            return switch (kind) {
                case TEXT -> text;
                case BYTES -> Bytes.wrap(HexFormat.of().parseHex(text));
                case UUID -> UUID.fromString(text);
                case DURATION -> Duration.parse(text);
                case INSTANT -> Instant.parse(text);
            };
        } catch (RuntimeException none) {
            throw wanted(wanted, plain);
        }
    }

    private static Object choice(Choice choice, @Nullable Object plain) throws WireException {
        String wanted = "{\"type\": ..., \"value\": ...}";
        Map<?, ?> both = object(wanted, plain);
        if (both.size() != 2 || !both.containsKey("type") || !both.containsKey("value")) {
            throw wanted(wanted, plain);
        }
        RecordForm form = choice.form(text("the name of a record", both.get("type")));
        return within("(" + form.name() + ")", form, both.get("value"));
    }

    private static Map<?, ?> object(String what, @Nullable Object plain) throws WireException {
        if (plain instanceof Map<?, ?> map) {
            return map;
        }
        throw wanted(what, plain);
    }

    private static List<?> list(String what, @Nullable Object plain) throws WireException {
        if (plain instanceof List<?> list) {
            return list;
        }
        throw wanted(what, plain);
    }

    private static Object gathered(Many many, @Nullable Object plain) throws WireException {
        return switch (many) {
            case Many.Elements elements -> elements(elements, list("a list", plain));
            case Many.Entries entries when entries.hasPairs() -> pairs(entries, list("a list of pairs", plain));
            case Many.Entries entries -> entries(entries, object("an object", plain));
        };
    }

    private static Object elements(Many.Elements many, List<?> list) throws WireException {
        Object gathered = many.begin();
        for (int i = 0; i < list.size(); i++) {
            many.add(gathered, within("[" + i + "]", many.element(), list.get(i)));
        }
        return gathered;
    }

    private static Object entries(Many.Entries many, Map<?, ?> map) throws WireException {
        Object gathered = many.begin();
        for (Map.Entry<?, ?> one : map.entrySet()) {
            String place = "[" + WireNames.shown(String.valueOf(one.getKey())) + "]";
            Object key = within(place, many.key(), one.getKey());
            many.add(gathered, key, within(place, many.value(), one.getValue()));
        }
        return gathered;
    }

    private static Object pairs(Many.Entries many, List<?> list) throws WireException {
        Object gathered = many.begin();
        for (int i = 0; i < list.size(); i++) {
            List<?> pair = list("a pair", list.get(i));
            if (pair.size() != 2) {
                throw wanted("a pair", pair);
            }
            String place = "[" + i + "]";
            Object key = within(place, many.key(), pair.getFirst());
            many.add(gathered, key, within(place, many.value(), pair.getLast()));
        }
        return gathered;
    }
}
