package dev.berth.core.cluster;

import java.util.OptionalLong;

/** Lengths of time as people write them: a whole number and one of ms, s, min, h. Stateless; any thread. */
final class SettingSpan {
    private static final String[] UNITS = {"h", "min", "s", "ms"};
    private static final long[] NANOS = {3_600_000_000_000L, 60_000_000_000L, 1_000_000_000L, 1_000_000L};
    private static final int DIGITS_MAX = 9;

    private SettingSpan() {}

    /** The length in nanoseconds, or empty if the text is none. */
    static OptionalLong parse(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0 || digits > DIGITS_MAX) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < UNITS.length; i++) {
            if (text.substring(digits).equals(UNITS[i])) {
                long number = Long.parseLong(text.substring(0, digits));
                return number <= Long.MAX_VALUE / NANOS[i] ? OptionalLong.of(number * NANOS[i]) : OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }

    /** Writes whole milliseconds in the largest unit that leaves nothing over. */
    static String of(long nanos) {
        for (int i = 0; i < UNITS.length; i++) {
            if (nanos != 0 && nanos % NANOS[i] == 0) {
                return nanos / NANOS[i] + UNITS[i];
            }
        }
        return nanos / NANOS[UNITS.length - 1] + "ms";
    }
}
