package dev.berth.core.record;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;

/** What things are called on the wire. Any thread. */
final class WireNames {
    /** Most bytes of a name. */
    static final int BYTES_MAX = 200;

    private WireNames() {}

    /** {@code book/Record}. */
    static String of(String book, Class<?> type) {
        String name = of(type, type.getSimpleName(), type.getName());
        return checked(name.contains("/") ? name : book + "/" + name, type.getName());
    }

    static String of(RecordComponent component) {
        return checked(of(component, component.getName(), where(component)), where(component));
    }

    static String of(Enum<?> constant) {
        String where = constant.getDeclaringClass().getName() + "." + constant.name();
        try {
            return checked(of(constant.getDeclaringClass().getField(constant.name()), constant.name(), where), where);
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(where, e);
        }
    }

    static String where(RecordComponent component) {
        return component.getDeclaringRecord().getName() + "." + component.getName();
    }

    private static String of(AnnotatedElement element, String name, String where) {
        Was was = element.getAnnotation(Was.class);
        WireName wire = element.getAnnotation(WireName.class);
        if (was != null && wire != null) {
            throw new IllegalArgumentException(
                    where + " has @Was and @WireName: keep the one whose name was used first");
        }
        if (was != null) {
            return was.value();
        }
        return wire != null ? wire.value() : name;
    }

    /** Letters, digits and {@code _ - . $ /}: nothing that could be taken for a part of a kind, and nothing unseen. */
    static String checked(String name, String where) {
        if (name.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX || !isName(name)) {
            throw new IllegalArgumentException(
                    where + ": '" + shown(name) + "' is no name for the wire; it needs letters,"
                            + " digits and _ - . $ /, at most " + BYTES_MAX + " bytes");
        }
        return name;
    }

    private static boolean isName(String name) {
        return !name.isEmpty() && name.codePoints().allMatch(WireNames::isPartOfName);
    }

    private static boolean isPartOfName(int point) {
        return Character.isLetterOrDigit(point) || "_-.$/".indexOf(point) >= 0;
    }

    /** A name that came from outside, as it may stand in a message. */
    static String shown(String name) {
        StringBuilder shown = new StringBuilder();
        name.codePoints()
                .limit(BYTES_MAX)
                .map(point -> isPartOfName(point) ? point : '?')
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }
}
