package dev.berth.lab.scenario;

import java.util.ArrayList;
import java.util.List;

// A trace has every detail; a reviewer wants the changes of state. What is left out is listed here by its words.

/** What a world's trace has said since the scenario last asked. One thread. */
final class Heard {
    private static final List<String> TOO_MUCH = List.of("meets its fate: NORMAL");

    /** One line of the trace. */
    record Said(long atNanos, String who, String what) {
        /** Milliseconds are enough to read. */
        @Override
        public String toString() {
            return String.format("%8d  %-11s %s", atNanos / 1_000_000, who, what);
        }
    }

    private final List<Said> since = new ArrayList<>();

    void line(long atNanos, String who, String what) {
        if (TOO_MUCH.stream().noneMatch(what::contains)) {
            since.add(new Said(atNanos, who, what));
        }
    }

    int count() {
        return since.size();
    }

    /** Whether somebody has said this, in the lines from number {@code from}; {@code who} "*" is anybody. */
    boolean has(int from, String who, String text) {
        for (int i = from; i < since.size(); i++) {
            Said said = since.get(i);
            if ((who.equals("*") || said.who().equals(who)) && said.what().contains(text)) {
                return true;
            }
        }
        return false;
    }

    List<String> from(int from) {
        return since.subList(from, since.size()).stream().map(Said::toString).toList();
    }
}
