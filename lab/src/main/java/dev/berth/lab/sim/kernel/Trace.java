package dev.berth.lab.sim.kernel;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

// A run is first made without a trace. When it fails, the same seed is run again with one: that costs nothing in the
// good case.

/** The last lines of what happened, for people. One thread. */
public final class Trace {
    private final Agenda agenda;
    private final int linesMax;
    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private long written;
    private BiConsumer<String, String> listener = (_, _) -> {};

    /** @param linesMax how many of the last lines are kept; 0 switches the trace off */
    public Trace(Agenda agenda, int linesMax) {
        this.agenda = agenda;
        this.linesMax = linesMax;
    }

    public boolean isOn() {
        return linesMax > 0;
    }

    /** Hears every line as it is written: who, and what. */
    public void listener(BiConsumer<String, String> other) {
        listener = other;
    }

    /** One line: the virtual time, who, and what. */
    public void line(String who, Supplier<String> what) {
        if (linesMax > 0) {
            line(who, what.get());
        }
    }

    /** The same where the words are there already, or where {@link #isOn} has been asked. */
    public void line(String who, String what) {
        if (linesMax == 0) {
            return;
        }
        if (lines.size() == linesMax) {
            lines.removeFirst();
        }
        written++;
        listener.accept(who, what);
        lines.addLast(String.format("%15s  %-10s %s", seconds(agenda.now()), who, what));
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** How many lines were dropped because the trace is long. */
    public long dropped() {
        return written - lines.size();
    }

    /** Seconds with nine digits: {@code 12.000000345}. */
    public static String seconds(long nanos) {
        return String.format("%d.%09d", nanos / 1_000_000_000L, nanos % 1_000_000_000L);
    }
}
