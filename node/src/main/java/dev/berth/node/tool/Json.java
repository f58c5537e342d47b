package dev.berth.node.tool;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import dev.berth.core.wire.WireException.Kind;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/** Maps, lists, numbers, texts, booleans and null as JSON, and back. Any thread. */
public final class Json {
    private static final JsonFactory PLAIN = new JsonFactory();

    private final JsonFactory strict;
    private final Limits limits;

    /**
     * To read what a stranger has written: nothing but JSON (RFC 8259), each key once, whole code points.
     *
     * @param limits of bytes, of depth, and of all that a text consists of
     */
    public Json(Limits limits) {
        this.limits = limits;
        this.strict = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.depthMax())
                        .maxTokenCount(limits.elementsMax())
                        .build())
                .build();
    }

    // ---- To write

    /** On one line, keys in alphabetical order: equal values are equal lines. Whatever else there is in it is its text. */
    public static String line(@Nullable Object value) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = PLAIN.createGenerator(ObjectWriteContext.empty(), out)) {
            write(json, value);
        }
        return out.toString();
    }

    private static void write(JsonGenerator json, @Nullable Object value) {
        switch (value) {
            case null -> json.writeNull();
            case Boolean flag -> json.writeBoolean(flag);
            case Double real when !Double.isFinite(real) -> json.writeString(real.toString());
            case Number number -> json.writeNumber(number.toString());
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> sorted = new TreeMap<>();
                map.forEach((key, one) -> sorted.put(String.valueOf(key), one));
                json.writeStartObject();
                sorted.forEach((key, one) -> {
                    json.writeName(key);
                    write(json, one);
                });
                json.writeEndObject();
            }
            case Iterable<?> many -> {
                json.writeStartArray();
                many.forEach(one -> write(json, one));
                json.writeEndArray();
            }
            default -> json.writeString(value.toString());
        }
    }

    // ---- To read

    /** As maps, lists, texts, Longs, Doubles, Booleans and null; a whole number that no long has is a Double. */
    public @Nullable Object read(Bytes text) throws WireException {
        if (text.length() > limits.frameMax()) {
            throw new WireException(Kind.OVERSIZED, text.length() + " bytes of JSON, at most " + limits.frameMax());
        }
        try (JsonParser json = strict.createParser(ObjectReadContext.empty(), text.toArray())) {
            if (json.nextToken() == null) {
                throw new WireException(Kind.MALFORMED, "this is no JSON: it is empty");
            }
            Object value = value(json);
            if (json.nextToken() != null) {
                throw new WireException(Kind.MALFORMED, "this is no JSON: something stands behind its end");
            }
            return value;
        } catch (StreamConstraintsException large) {
            throw new WireException(Kind.OVERSIZED, "this JSON is too large: " + large.getOriginalMessage());
        } catch (JacksonException none) {
            throw new WireException(
                    Kind.MALFORMED,
                    "this is no JSON: " + none.getOriginalMessage() + ", at character "
                            + none.getLocation().getColumnNr());
        }
    }

    private static @Nullable Object value(JsonParser json) throws WireException {
        return switch (json.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> all = new LinkedHashMap<>();
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String name = whole(json.currentName());
                    json.nextToken();
                    all.put(name, value(json));
                }
                yield all;
            }
            case START_ARRAY -> {
                List<@Nullable Object> all = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    all.add(value(json));
                }
                yield all;
            }
            case VALUE_STRING -> whole(json.getString());
            case VALUE_NUMBER_INT ->
                switch (json.getNumberType()) {
                    case INT, LONG -> json.getLongValue();
                    case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> finite(json);
                };
            case VALUE_NUMBER_FLOAT -> finite(json);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new IllegalStateException("no value begins with " + json.currentToken());
        };
    }

    private static String whole(String text) throws WireException {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new WireException(Kind.MALFORMED, "half a surrogate pair in a text");
        }
        return text;
    }

    private static Object finite(JsonParser json) throws WireException {
        double value = Double.parseDouble(json.getString());
        if (Double.isInfinite(value)) {
            throw new WireException(Kind.OUT_OF_RANGE, "a number is too large for a double");
        }
        return value;
    }
}
