package dev.berth.node.launch;

import java.util.Locale;

/** How long something has taken, for people. Any thread. */
final class Spans {
    private static final double NANOS_PER_SECOND = 1e9;

    private Spans() {}

    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / NANOS_PER_SECOND);
    }
}
