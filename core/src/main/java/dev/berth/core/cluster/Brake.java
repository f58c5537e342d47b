package dev.berth.core.cluster;

import java.util.ArrayDeque;

// When many fall silent at once the likelier cause is the network, the coordinator or the master itself. Moving
// all their slots would turn a hiccup into an avalanche of loads. So the brake waits, then lets one member go per
// second. It delays, it never refuses, and safety does not depend on it.

/** Delays the mass removal of silent members (rule 23). One thread: the master's. */
final class Brake {
    private static final int MEMBERS_MIN = 3;
    private static final long PACE_NANOS = 1_000_000_000L;

    private final ArrayDeque<Long> silences = new ArrayDeque<>();
    private boolean engaged;
    private long nextNanos;

    boolean engaged() {
        return engaged;
    }

    /** A member has fallen silent without a certificate; says whether that engages the brake. */
    boolean silent(long nowNanos, long windowNanos, long waitNanos, int alive) {
        silences.addLast(nowNanos);
        while (silences.getFirst() < nowNanos - windowNanos) {
            silences.removeFirst();
        }
        int fallen = silences.size();
        if (engaged || fallen < MEMBERS_MIN || fallen * 3 <= alive + fallen) {
            return false;
        }
        engaged = true;
        nextNanos = nowNanos + waitNanos;
        return true;
    }

    /** Whether one more silent member may be expelled now. */
    boolean permits(long nowNanos) {
        return !engaged || nowNanos >= nextNanos;
    }

    /** A member has been, or could have been, let go. */
    void passed(long nowNanos) {
        if (engaged && nowNanos >= nextNanos) {
            nextNanos = nowNanos + PACE_NANOS;
        }
    }

    long nextWakeNanos() {
        return engaged ? nextNanos : Long.MAX_VALUE;
    }

    /** Nobody is silent any more, or an operator has looked. */
    void release() {
        engaged = false;
        silences.clear();
    }
}
