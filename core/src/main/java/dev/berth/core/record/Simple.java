package dev.berth.core.record;

import dev.berth.core.wire.Bytes;
import dev.berth.core.wire.Scalar.Primitive;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The types of the language that can be components. Any thread. */
final class Simple {
    private static final Map<Class<?>, Form> FORMS = forms();

    private Simple() {}

    static @Nullable Form form(Class<?> type) {
        return FORMS.get(type);
    }

    private static Map<Class<?>, Form> forms() {
        Map<Class<?>, Form> forms = new LinkedHashMap<>();
        both(forms, boolean.class, Boolean.class, new Numeral("bool", Primitive.BOOL));
        both(forms, byte.class, Byte.class, new Numeral("int", Primitive.BYTE));
        both(forms, short.class, Short.class, new Numeral("int", Primitive.SHORT));
        both(forms, int.class, Integer.class, new Numeral("int", Primitive.INT));
        both(forms, long.class, Long.class, new Numeral("int", Primitive.LONG));
        both(forms, float.class, Float.class, Real.FLOAT);
        both(forms, double.class, Double.class, Real.DOUBLE);
        forms.put(String.class, Chunked.TEXT);
        forms.put(Bytes.class, Chunked.BYTES);
        forms.put(UUID.class, Chunked.UUID);
        forms.put(Duration.class, Chunked.DURATION);
        forms.put(Instant.class, Chunked.INSTANT);
        return Collections.unmodifiableMap(forms);
    }

    private static void both(Map<Class<?>, Form> forms, Class<?> primitive, Class<?> boxed, Form form) {
        forms.put(primitive, form);
        forms.put(boxed, form);
    }
}
