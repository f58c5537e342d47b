package dev.berth.lab.sim.coordinator;

/** What becomes of a request. */
public enum Fate {
    /** Executed and answered. */
    NORMAL,
    /** Not executed; the asker is told that the outcome is unknown. */
    LOST,
    /** Executed; the asker is told that the outcome is unknown. */
    ANSWER_LOST,
    /** The asker is told that the outcome is unknown; it is executed later, but before its next request. */
    LATE,
    /** Executed, and the asker never hears anything. */
    SILENT,
}
