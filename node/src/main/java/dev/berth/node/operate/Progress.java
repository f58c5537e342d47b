package dev.berth.node.operate;

import java.io.PrintWriter;
import java.util.function.Supplier;

/** Says how far something long has come, after 2 s and then every 2 s. One thread. */
final class Progress {
    private static final long NANOS = 2_000_000_000L;

    private final Supplier<PrintWriter> out;
    private long said = System.nanoTime();

    Progress(Supplier<PrintWriter> out) {
        this.out = out;
    }

    void is(String line) {
        long now = System.nanoTime();
        if (now - said > NANOS) {
            said = now;
            out.get().println(line);
        }
    }
}
