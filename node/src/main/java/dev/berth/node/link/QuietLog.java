package dev.berth.node.link;

import java.util.stream.Stream;
import org.slf4j.Logger;

// What strangers say stands in these lines, so a line is one line: nobody writes another one that looks like ours.

/** The log of what strangers do, who must not be able to fill a disk: some lines per span, then only how many more. Any thread. */
public final class QuietLog {
    static final int LINES_MAX = 20;
    private static final long SPAN_NANOS = 10_000_000_000L;
    private static final int FRAMES_MAX = 40;
    private static final int CAUSES_MAX = 5;

    private final Logger log;
    private long spanStart = System.nanoTime() - SPAN_NANOS;
    private int lines;
    private long left;

    public QuietLog(Logger log) {
        this.log = log;
    }

    public void warn(String line) {
        long notShown = admit(System.nanoTime());
        if (notShown >= 0) {
            log.warn("{}", said(line, notShown));
        }
    }

    /** With where it was thrown. */
    public void warn(String line, Throwable thrown) {
        long notShown = admit(System.nanoTime());
        if (notShown >= 0) {
            log.warn("{}: {}", said(line, notShown), trace(thrown));
        }
    }

    private static String said(String line, long notShown) {
        return oneLine(line) + (notShown == 0 ? "" : " (" + notShown + " more such lines were left out)");
    }

    /** Control characters as escapes. */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            if (Character.isISOControl(c)) {
                line.append(String.format("\\u%04x", c));
            } else {
                line.append((char) c);
            }
        });
        return line.toString();
    }

    private static String trace(Throwable thrown) {
        StringBuilder trace = new StringBuilder();
        Throwable each = thrown;
        for (int causes = 0; each != null && causes < CAUSES_MAX; causes++, each = each.getCause()) {
            trace.append(causes == 0 ? "" : "\nCaused by: ").append(oneLine(each.toString()));
            StackTraceElement[] frames = each.getStackTrace();
            Stream.of(frames)
                    .limit(FRAMES_MAX)
                    .forEach(frame -> trace.append("\n\tat ").append(frame));
            if (frames.length > FRAMES_MAX) {
                trace.append("\n\t... ").append(frames.length - FRAMES_MAX).append(" more");
            }
        }
        return trace.toString();
    }

    /** How many lines were left out before this one; -1 if this one is left out too. */
    synchronized long admit(long nowNanos) {
        if (nowNanos - spanStart >= SPAN_NANOS) {
            spanStart = nowNanos;
            lines = 0;
        }
        if (lines == LINES_MAX) {
            left++;
            return -1;
        }
        lines++;
        long before = left;
        left = 0;
        return before;
    }
}
