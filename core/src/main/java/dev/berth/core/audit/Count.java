package dev.berth.core.audit;

import dev.berth.core.wire.Bytes;

/**
 * What a slot answers to whoever adds one to a number or asks for it. Any thread.
 *
 * @param value the number; for an addition, which one in order it was
 * @param epoch under which the slot answered
 */
public record Count(long value, long epoch) {
    /** Of the bytes of an answer: both in decimal with a space between. */
    public static Count of(Bytes answer) {
        String[] words = answer.utf8().split(" ", -1);
        try {
            if (words.length == 2) {
                return new Count(Long.parseLong(words[0]), Long.parseLong(words[1]));
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "a slot that is watched answers a number and its epoch, e.g. \"17 3\", got \"" + answer.utf8() + "\"");
    }

    public Bytes bytes() {
        return Bytes.utf8(value + " " + epoch);
    }

    @Override
    public String toString() {
        return value + " under epoch " + epoch;
    }
}
