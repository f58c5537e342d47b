package dev.berth.core.cluster;

// OFFERED   fence at once -> wait until the barrier has closed (up) -> load -> PREPARED, repeated -> RUNNING
// RUNNING   without an offer before: a slot handed over, or taken back from an abandoned drain: fence -> load -> serve
// DRAINING  refuse new calls -> handlers finish -> flush -> MARK answered -> RELEASED, repeated

/** What a member does about one slot under one epoch. One thread: the member's. */
final class Holding {
    /** How far it has come. Order matters: a holding only moves down this list. */
    enum Stage {
        FENCING,
        /** Fenced; the barrier of the offer is still open. */
        FENCED,
        LOADING,
        /** Loaded, waiting for the view that says RUNNING. */
        PREPARED,
        SERVING,
        QUIESCING,
        FLUSHING,
        MARKING,
        RELEASED,
        /** Given up; the master will take it away. */
        GIVEN_UP
    }

    final Grant grant;
    final int capacity;
    /** Whether loading must wait for the barrier of the grant. */
    final boolean offered;

    Stage stage = Stage.FENCING;
    /** The fence has been asked for, under a lease. */
    boolean asked;
    /** The view in which it came to run; 0 while it does not. */
    long runView;

    boolean runDone;
    long drainUntilNanos = Long.MAX_VALUE;
    boolean drainRefused;
    String cause = "";
    /** The epoch by which the store refused the fence; 0 if it did not. */
    long storedEpoch;
    /** The master has not yet been told of the latest stage. */
    boolean news;

    Holding(Grant grant, int capacity, boolean offered) {
        this.grant = grant;
        this.capacity = capacity;
        this.offered = offered;
    }

    boolean at(Stage wanted) {
        return stage == wanted;
    }
}
