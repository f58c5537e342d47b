package dev.berth.core.cluster;

// Two answers bracket the master's elapsed time: by our clock at least (second send - first receipt) and at most
// (second receipt - first send) has passed. If the master's own figure cannot be reconciled with that bracket,
// even when each clock is wrong by the bound in the worse direction, one of the two clocks breaks the promise that
// the lease rests on.

/** Compares the rate of the master's clock with ours. One thread: the member's. */
final class ClockRate {
    private static final int REFERENCE_BEATS = 16;

    private final Timings timings;
    private boolean referenced;
    /** It has run apart, and nothing has shown since that it does not any more. */
    private boolean doubted;

    private long term;
    private long sentNanos;
    private long receivedNanos;
    private long masterNanos;

    ClockRate(Timings timings) {
        this.timings = timings;
    }

    void restart() {
        referenced = false;
    }

    /** Whether a lease may rest on it; a first answer after a disagreement proves nothing yet. */
    boolean isTrusted() {
        return !doubted;
    }

    boolean agrees(long atTerm, long sent, long received, long master) {
        if (!referenced || atTerm != term) {
            refer(atTerm, sent, received, master);
            return true;
        }
        long least = sent - receivedNanos;
        long most = received - sentNanos;
        long theirs = master - masterNanos;
        boolean agrees =
                theirs <= timings.stretched(Math.max(0, most)) && least <= timings.stretched(Math.max(0, theirs));
        doubted = !agrees || (doubted && least < timings.beatNanos() / 2);
        if (!agrees || most > REFERENCE_BEATS * timings.beatNanos()) {
            refer(atTerm, sent, received, master);
        }
        return agrees;
    }

    private void refer(long atTerm, long sent, long received, long master) {
        referenced = true;
        term = atTerm;
        sentNanos = sent;
        receivedNanos = received;
        masterNanos = master;
    }
}
