package dev.berth.core.cluster;

import dev.berth.core.PublicApi;
import java.util.List;
import java.util.OptionalLong;

/** What values a setting can have. Any thread. */
@PublicApi
public sealed interface SettingType {
    /** What is allowed, in words that follow "is". */
    String allowed();

    /** Whether the text is a value of this type. */
    boolean accepts(String value);

    /** A whole number of {@code unit}, for example players. */
    record Whole(long min, long max, String unit) implements SettingType {
        private static final int DIGITS_MAX = 18;

        public Whole {
            require(min <= max, "no number lies between " + min + " and " + max);
        }

        static OptionalLong parse(String value) {
            String digits = value.startsWith("-") ? value.substring(1) : value;
            boolean isNumber = !digits.isEmpty()
                    && digits.length() <= DIGITS_MAX
                    && digits.chars().allMatch(c -> c >= '0' && c <= '9');
            return isNumber ? OptionalLong.of(Long.parseLong(value)) : OptionalLong.empty();
        }

        @Override
        public String allowed() {
            return "a whole number of " + unit + " from " + min + " to " + max;
        }

        @Override
        public boolean accepts(String value) {
            OptionalLong number = parse(value);
            return number.isPresent() && number.getAsLong() >= min && number.getAsLong() <= max;
        }
    }

    /** A length of time: a whole number and its unit, as in 250ms, 5s, 2min, 1h. */
    record Span(long minNanos, long maxNanos) implements SettingType {
        public Span {
            require(minNanos >= 0 && minNanos <= maxNanos, "no time lies between " + minNanos + " and " + maxNanos);
        }

        @Override
        public String allowed() {
            return "a time from " + SettingSpan.of(minNanos) + " to " + SettingSpan.of(maxNanos)
                    + ", in ms, s, min or h";
        }

        @Override
        public boolean accepts(String value) {
            OptionalLong nanos = SettingSpan.parse(value);
            return nanos.isPresent() && nanos.getAsLong() >= minNanos && nanos.getAsLong() <= maxNanos;
        }
    }

    /** Yes or no. */
    record Flag() implements SettingType {
        @Override
        public String allowed() {
            return "true or false";
        }

        @Override
        public boolean accepts(String value) {
            return value.equals("true") || value.equals("false");
        }
    }

    /** Any text up to a length. */
    record Text(int charactersMax) implements SettingType {
        public Text {
            require(
                    charactersMax >= 0 && charactersMax <= Settings.VALUE_MAX,
                    "a text has at most 0 to " + Settings.VALUE_MAX + " characters, got " + charactersMax);
        }

        @Override
        public String allowed() {
            return "a text of at most " + charactersMax + " characters";
        }

        @Override
        public boolean accepts(String value) {
            return value.length() <= charactersMax;
        }
    }

    /** One of a few words. */
    record Word(List<String> words) implements SettingType {
        private static final int WORDS_MAX = 8;

        public Word {
            words = List.copyOf(words);
            require(
                    !words.isEmpty() && words.size() <= WORDS_MAX,
                    "a choice has 1 to " + WORDS_MAX + " words, got " + words.size());
            words.forEach(ServiceName::check);
        }

        @Override
        public String allowed() {
            return "one of " + String.join(", ", words);
        }

        @Override
        public boolean accepts(String value) {
            return words.contains(value);
        }
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }
}
