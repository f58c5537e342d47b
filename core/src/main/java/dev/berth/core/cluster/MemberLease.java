package dev.berth.core.cluster;

// The member counts its lease from the send, the master from the receipt, so when they disagree it is always the member
// that stops first. A send is remembered by its sequence number; an answer to a beat that has been forgotten is worth
// nothing.
//
// TILT: a lease is a statement about elapsed time, so whatever makes elapsed time doubtful (a loop that was not
// scheduled, a suspended machine, a clock that jumped or runs at another rate than the master's) voids it until a
// beat that was sent after the doubt has been answered.

/** A member's right to act. One thread: the member's. */
final class MemberLease {
    static final long DRIFT_MAX_NANOS = 250_000_000L;
    private static final int REMEMBERED = 64;

    private final Timings timings;
    private final long[] sentAt = new long[REMEMBERED];
    private final ClockRate rate;
    private long nextSeq = 1;
    private long untilNanos = Long.MIN_VALUE;
    private long countsFromNanos = Long.MIN_VALUE;
    private boolean sampled;
    private long sampleNanos;
    private long sampleWallNanos;
    private long sampleUptimeNanos;

    MemberLease(Timings timings) {
        this.timings = timings;
        this.rate = new ClockRate(timings);
    }

    long untilNanos() {
        return untilNanos;
    }

    boolean holds(long nowNanos) {
        return nowNanos < untilNanos;
    }

    /** A beat leaves; returns its sequence number. */
    long sent(long nowNanos) {
        sentAt[(int) (nextSeq % REMEMBERED)] = nowNanos;
        return nextSeq++;
    }

    /** When the beat was sent, or {@link Long#MIN_VALUE} if that is forgotten. */
    long sentAt(long seq) {
        boolean remembered = seq > 0 && seq < nextSeq && seq >= nextSeq - REMEMBERED;
        return remembered ? sentAt[(int) (seq % REMEMBERED)] : Long.MIN_VALUE;
    }

    /** The lease now lasts at least until {@code startNanos + leaseNanos}, unless it starts before the latest doubt. */
    void extend(long startNanos, long leaseNanos) {
        if (startNanos != Long.MIN_VALUE && startNanos >= countsFromNanos) {
            untilNanos = Math.max(untilNanos, startNanos + leaseNanos);
        }
    }

    /** Elapsed time is in doubt: only beats sent from now on count. */
    void tilt(long nowNanos) {
        untilNanos = Long.MIN_VALUE;
        countsFromNanos = nowNanos;
        rate.restart();
    }

    /** Whether other clocks have moved as this one has since the last reading; keeps the reading. */
    boolean clocksAgree(long nowNanos, long wallNanos, long uptimeNanos) {
        long passed = nowNanos - sampleNanos;
        boolean agree = !sampled
                || (Math.abs(wallNanos - sampleWallNanos - passed) <= DRIFT_MAX_NANOS
                        && Math.abs(uptimeNanos - sampleUptimeNanos - passed) <= DRIFT_MAX_NANOS);
        sampled = true;
        sampleNanos = nowNanos;
        sampleWallNanos = wallNanos;
        sampleUptimeNanos = uptimeNanos;
        return agree;
    }

    /** Whether the master's clock, read between {@code sentNanos} and {@code nowNanos}, runs within the drift bound of ours. */
    boolean rateAgrees(long term, long sentNanos, long nowNanos, long masterNanos) {
        return rate.agrees(term, sentNanos, nowNanos, masterNanos);
    }

    /** Whether the rates have not disagreed, or have been seen to agree since. */
    boolean rateIsTrusted() {
        return rate.isTrusted();
    }

    /** A loop that comes later than this after the time it asked for was not scheduled. */
    long lateNanos() {
        return Math.max(timings.beatNanos(), 1_000_000_000L);
    }
}
