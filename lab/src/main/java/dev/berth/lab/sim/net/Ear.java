package dev.berth.lab.sim.net;

/** What a process hears on a line. Called as work of that process, in order. */
public interface Ear {
    /** The connection is there: both sides may send. */
    void opened(Line line);

    void heard(Line line, Frame frame);

    /** It has ended, as far as this side knows; comes once, and nothing after it. */
    void closed(Line line, String cause);
}
