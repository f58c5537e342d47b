package dev.berth.core.record;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Limits;
import dev.berth.core.wire.WireException;
import dev.berth.core.wire.WireException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

// Strict, since a stranger wrote it: nothing but JSON (RFC 8259), UTF-8, whole code points, each key once. What it
// makes of a text is bounded by the text's length, its depth and its elements by the limits.

/** JSON as maps, lists, texts, Longs, Doubles, Booleans and null. One thread. */
final class JsonParser {
    private final String text;
    private final Limits limits;
    private int at;
    private int elements;

    private JsonParser(String text, Limits limits) {
        this.text = text;
        this.limits = limits;
    }

    static @Nullable Object parse(Bytes json, Limits limits) throws WireException {
        if (json.length() > limits.frameMax()) {
            throw new WireException(Kind.OVERSIZED, json.length() + " bytes of JSON, at most " + limits.frameMax());
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json.toArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new WireException(Kind.MALFORMED, "this is no UTF-8");
        }
        JsonParser parser = new JsonParser(text, limits);
        Object value = parser.value(1);
        parser.space();
        if (parser.at < text.length()) {
            throw parser.unexpected("nothing more");
        }
        return value;
    }

    private WireException unexpected(String wanted) {
        String found = at < text.length() ? "'" + new String(Character.toChars(text.codePointAt(at))) + "'" : "the end";
        return new WireException(
                Kind.MALFORMED,
                "this is no JSON: " + wanted + " is wanted at character " + (at + 1) + ", got " + found);
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean passes(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private void pass(String word) throws WireException {
        if (!text.startsWith(word, at)) {
            throw unexpected(word);
        }
        at += word.length();
    }

    private @Nullable Object value(int depth) throws WireException {
        if (depth > limits.depthMax()) {
            throw new WireException(Kind.OVERSIZED, "more than " + limits.depthMax() + " levels of JSON");
        }
        if (++elements > limits.elementsMax()) {
            throw new WireException(Kind.OVERSIZED, "more than " + limits.elementsMax() + " values in JSON");
        }
        space();
        return switch (at < text.length() ? text.charAt(at) : ' ') {
            case '{' -> object(depth);
            case '[' -> list(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private @Nullable Object word(String word, @Nullable Object value) throws WireException {
        pass(word);
        return value;
    }

    private Map<String, @Nullable Object> object(int depth) throws WireException {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        at++;
        space();
        if (passes('}')) {
            return all;
        }
        do {
            space();
            if (at >= text.length() || text.charAt(at) != '"') {
                throw unexpected("a name in quotes");
            }
            String name = string();
            if (all.containsKey(name)) {
                throw new WireException(Kind.MALFORMED, WireNames.shown(name) + " comes twice");
            }
            space();
            pass(":");
            all.put(name, value(depth + 1));
            space();
        } while (passes(','));
        pass("}");
        return all;
    }

    private List<@Nullable Object> list(int depth) throws WireException {
        List<@Nullable Object> all = new ArrayList<>();
        at++;
        space();
        if (passes(']')) {
            return all;
        }
        do {
            all.add(value(depth + 1));
            space();
        } while (passes(','));
        pass("]");
        return all;
    }

    private String string() throws WireException {
        StringBuilder all = new StringBuilder();
        at++;
        while (!passes('"')) {
            if (at >= text.length() || text.charAt(at) < ' ') {
                throw unexpected("the rest of a text");
            }
            char c = text.charAt(at++);
            all.append(c == '\\' ? escaped() : c);
        }
        String string = all.toString();
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(string)) {
            throw new WireException(Kind.MALFORMED, "half a surrogate pair in a text");
        }
        return string;
    }

    private char escaped() throws WireException {
        char c = at < text.length() ? text.charAt(at) : ' ';
        int plain = "\"\\/bfnrt".indexOf(c);
        if (plain >= 0) {
            at++;
            return "\"\\/\b\f\n\r\t".charAt(plain);
        }
        pass("u");
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0 || text.charAt(at) > 'f') {
                throw unexpected("a hexadecimal digit");
            }
            code = code << 4 | digit;
            at++;
        }
        return (char) code;
    }

    private Object number() throws WireException {
        int from = at;
        passes('-');
        if (!passes('0')) {
            digits();
        }
        boolean whole = true;
        if (passes('.')) {
            digits();
            whole = false;
        }
        if (passes('e') || passes('E')) {
            if (!passes('+')) {
                passes('-');
            }
            digits();
            whole = false;
        }
        String number = text.substring(from, at);
        if (whole) {
            try {
                return Long.valueOf(number);
            } catch (NumberFormatException large) {
                // As a double, like any program in JavaScript would.
                return finite(number);
            }
        }
        return finite(number);
    }

    private static Object finite(String number) throws WireException {
        double value = Double.parseDouble(number);
        if (Double.isInfinite(value)) {
            throw new WireException(Kind.OUT_OF_RANGE, "a number is too large for a double");
        }
        return value;
    }

    private void digits() throws WireException {
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == from) {
            throw unexpected("a value");
        }
    }
}
