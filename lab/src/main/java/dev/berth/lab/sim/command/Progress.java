package dev.berth.lab.sim.command;

import java.io.PrintWriter;

/** A line that is written over again and again, on terminals only. Any thread. */
final class Progress {
    private final PrintWriter out;
    private final boolean on;

    Progress(PrintWriter out, boolean on) {
        this.out = out;
        this.on = on;
    }

    synchronized void show(long done, long all, long failed) {
        if (on) {
            out.print("\r%d of %d seeds, %d violations ".formatted(done, all, failed));
            out.flush();
        }
    }

    synchronized void end() {
        if (on) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }
}
