package dev.berth.core.wire;

// A field that is over its bound is its author's bug, and a bug stops the node. An explanation may come from anywhere,
// from an application's exception for instance, and must not do that. So records cut their explanations themselves:
// what is in memory is then also what travels, and two copies of a record stay equal.

/** Text that only people read, made to fit its field. Any thread. */
public final class Prose {
    private static final String CUT = "...";

    private Prose() {}

    /** The text, or as much of its beginning as takes {@code max} bytes of UTF-8 with "..." at the end. */
    public static String upTo(int max, String text) {
        int bytes = 0;
        int kept = 0;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            if (isHalf(point)) {
                return upTo(max, withoutHalves(text));
            }
            bytes += utf8Size(point);
            if (bytes > max) {
                return text.substring(0, kept) + CUT;
            }
            i += Character.charCount(point);
            if (bytes <= max - CUT.length()) {
                kept = i;
            }
        }
        return text;
    }

    private static int utf8Size(int point) {
        if (point < 0x80) {
            return 1;
        } else if (point < 0x800) {
            return 2;
        } else {
            return point < 0x1_0000 ? 3 : 4;
        }
    }

    private static boolean isHalf(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }

    private static String withoutHalves(String text) {
        return text.codePoints()
                .map(point -> isHalf(point) ? '?' : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
