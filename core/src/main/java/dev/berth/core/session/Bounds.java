package dev.berth.core.session;

import dev.berth.core.wire.Bytes;
import java.nio.charset.StandardCharsets;

/** What is said to the caller who hands in too much. Any thread. */
final class Bounds {
    private Bounds() {}

    static void name(String what, String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > SessionLimits.NAME_MAX) {
            throw new IllegalArgumentException(
                    what + " has at most " + SessionLimits.NAME_MAX + " bytes, this one " + bytes);
        }
    }

    static void bytes(String what, Bytes bytes, int max) {
        if (bytes.length() > max) {
            throw new IllegalArgumentException(what + " has at most " + max + " bytes, this one " + bytes.length());
        }
    }

    static void positive(String what, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " counts from 1, got " + value);
        }
    }
}
