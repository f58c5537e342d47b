package dev.berth.lab.sim.coordinator;

/** A candidate's session as the coordinator sees it. One thread. */
final class Session {
    private Runnable whenChosen = () -> {};
    private long heardAt;
    private boolean expired;

    /** What tells the client that it is elected. */
    void whenChosen(Runnable told) {
        whenChosen = told;
    }

    long heardAt() {
        return heardAt;
    }

    void heardAt(long instant) {
        heardAt = instant;
    }

    boolean isExpired() {
        return expired;
    }

    void expire() {
        expired = true;
    }

    void chosen() {
        whenChosen.run();
    }
}
