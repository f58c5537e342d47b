package dev.berth.lab.sim.coordinator;

import java.util.function.LongConsumer;

/** A candidate's session as the coordinator sees it. One thread. */
final class Session {
    private LongConsumer whenChosen = _ -> {};
    private long heardAt;
    private boolean expired;

    /** What tells the client that it is elected, and in which election. */
    void whenChosen(LongConsumer told) {
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

    void chosen(long election) {
        whenChosen.accept(election);
    }
}
