package dev.berth.poker.demo;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

// On a terminal what was done scrolls, and how things stand stays below it. Elsewhere there are lines only, the same
// ones, so a log of it reads well.

/** What a person sees while it runs. Any thread. */
final class Screen implements AutoCloseable {
    private static final int DRAW_MILLIS = 250;
    private static final int LINE_MILLIS = 5_000;
    private static final int WIDTH = 118;

    private final PrintWriter out;
    private final boolean isTerminal;
    private final Supplier<List<String>> now;
    private final long start = System.nanoTime();
    private final Thread thread;
    // Guarded by this.
    private int drawn;
    private boolean closed;

    /** @param now how things stand, in a few short lines */
    Screen(PrintWriter out, boolean isTerminal, Supplier<List<String>> now) {
        this.out = out;
        this.isTerminal = isTerminal;
        this.now = now;
        this.thread = Thread.ofVirtual().name("demo-screen").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(isTerminal ? DRAW_MILLIS : LINE_MILLIS);
                show(now.get());
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was done, or has come of it. */
    synchronized void say(String what) {
        erase();
        out.println(stamped(what));
        out.flush();
    }

    private synchronized void show(List<String> lines) {
        if (closed || lines.isEmpty()) {
            return;
        }
        if (!isTerminal) {
            out.println(stamped("  " + String.join("; ", lines)));
        } else {
            erase();
            lines.forEach(line -> out.println("  " + line.substring(0, Math.min(line.length(), WIDTH))));
            drawn = lines.size();
        }
        out.flush();
    }

    private String stamped(String what) {
        return "%6.1f s  %s".formatted((System.nanoTime() - start) / 1e9, what);
    }

    private void erase() {
        for (; drawn > 0; drawn--) {
            out.print("\033[1A\033[2K");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        synchronized (this) {
            erase();
            out.flush();
            closed = true;
        }
    }
}
