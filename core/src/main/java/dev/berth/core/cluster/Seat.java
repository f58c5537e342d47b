package dev.berth.core.cluster;

// Two numbers, because a drain takes time. The share is what a candidate will have once all drains are through: it is
// what gets balanced. Held is what may be in its hands at once, with what still leaves and what already arrives: it
// must never exceed the offer.

/** What one candidate has, and may have, of one service while a plan is in the making. Confined to one plan. */
final class Seat implements Comparable<Seat> {
    /** What a candidate has of all services. */
    static final class Tally {
        private int units;
    }

    private final Candidate candidate;
    private final Tally tally;
    private final int limit;
    private int held;
    private int share;
    private int elsewhere;

    Seat(Candidate candidate, Tally tally, int limit) {
        this.candidate = candidate;
        this.tally = tally;
        this.limit = limit;
    }

    Incarnation owner() {
        return candidate.incarnation();
    }

    /** It may have frozen: nothing is begun that would have to wait for it. */
    boolean isQuiet() {
        return candidate.quiet();
    }

    int share() {
        return share;
    }

    /** Emptiest first; among equals the least busy, then the one with least of other services, then the lower node id. */
    @Override
    public int compareTo(Seat other) {
        if (share != other.share) {
            return Integer.compare(share, other.share);
        }
        if (candidate.load() != other.candidate.load()) {
            return Integer.compare(candidate.load(), other.candidate.load());
        }
        return elsewhere != other.elsewhere
                ? Integer.compare(elsewhere, other.elsewhere)
                : owner().compareTo(other.owner());
    }

    /** How many units more it may take at once. */
    int room() {
        return Math.max(0, limit - held);
    }

    /** Whether its final share may still grow. */
    boolean canGrow() {
        return share < limit;
    }

    /** A unit is its own, or on its way to it. */
    void take() {
        held++;
        grow();
    }

    /** A unit is still in its hands and on its way to another. */
    void keepLeaving() {
        held++;
    }

    /** One more in the end, without a word on what it holds until then. */
    void grow() {
        share++;
        tally.units++;
    }

    void shrink() {
        share--;
        tally.units--;
    }

    /** A unit that counts in its share begins to arrive. */
    void expect() {
        held++;
    }

    /** Fixes what it has elsewhere, by which it is ordered until the next call. */
    void weigh() {
        elsewhere = tally.units - share;
    }
}
