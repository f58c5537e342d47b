package dev.berth.lab.sim.coordinator;

/** What is asked of the coordinator. */
public enum RequestKind {
    READ,
    WRITE_TERM,
    TAKE_OVER,
    WRITE_VIEW,
    /** The first of the two steps of a touch. */
    READ_FOR_TOUCH,
    TOUCH,
}
