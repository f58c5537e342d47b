package dev.berth.node.link;

import org.slf4j.Logger;

/** The log of what strangers do, who must not be able to fill a disk: some lines per span, then only how many more. Any thread. */
public final class QuietLog {
    static final int LINES_MAX = 20;
    private static final long SPAN_NANOS = 10_000_000_000L;

    private final Logger log;
    private long spanStart = System.nanoTime() - SPAN_NANOS;
    private int lines;
    private long left;

    public QuietLog(Logger log) {
        this.log = log;
    }

    public void warn(String line) {
        long notShown = admit(System.nanoTime());
        if (notShown == 0) {
            log.warn("{}", line);
        } else if (notShown > 0) {
            log.warn("{} ({} more such lines were left out)", line, notShown);
        }
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
