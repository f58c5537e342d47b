package dev.berth.core.cluster;

// A read proves nothing: it may come from a replica that has not heard of the successor. Only a conditional write that
// succeeds shows that nobody had taken over when it was executed, so the lease is counted from its send.

/** The master's own right to act, renewed by conditional writes of the term node (rule 3). One thread: the master's. */
final class LeaderLease {
    private final Timings timings;
    private Durable.TermRecord term;
    private int version;
    private long untilNanos;
    private long request;
    private long sentNanos;
    private boolean inFlight;

    /** @param sentNanos when the take-over that has succeeded was sent */
    LeaderLease(Timings timings, Durable.TermRecord term, int version, long sentNanos) {
        this.timings = timings;
        this.term = term;
        this.version = version;
        this.sentNanos = sentNanos;
        this.untilNanos = sentNanos + timings.leaderLeaseNanos();
    }

    long term() {
        return term.term();
    }

    boolean holds(long nowNanos) {
        return nowNanos < untilNanos;
    }

    long untilNanos() {
        return untilNanos;
    }

    /** When the next renewal is due; never while one is in flight. */
    long dueNanos() {
        return inFlight ? Long.MAX_VALUE : sentNanos + timings.leaderLeaseNanos() / 3;
    }

    MasterAction.WriteTerm renew(long nowNanos, long newRequest, boolean resigned) {
        inFlight = true;
        request = newRequest;
        sentNanos = nowNanos;
        term = new Durable.TermRecord(term.term(), term.renewal() + 1, term.leader(), resigned, term.election());
        return new MasterAction.WriteTerm(newRequest, version, term);
    }

    /** Since when a renewal has been waiting for its answer; never if none is. */
    long unansweredSinceNanos() {
        return inFlight ? sentNanos : Long.MAX_VALUE;
    }

    boolean awaits(long answered) {
        return inFlight && request == answered;
    }

    void renewed(long start) {
        inFlight = false;
        version++;
        untilNanos = Math.max(untilNanos, start + timings.leaderLeaseNanos());
    }

    long sentNanos() {
        return sentNanos;
    }

    /** What a read has shown of our own term: later renewals compare with that version. */
    void adopt(Durable.TermRecord read, int readVersion) {
        inFlight = false;
        term = read;
        version = readVersion;
    }
}
