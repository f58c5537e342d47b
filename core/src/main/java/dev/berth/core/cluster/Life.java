package dev.berth.core.cluster;

// Three times per member, and they mean different things. `leasedUntilNanos` is a promise that was made: until then the
// member may act, whatever the master thinks of it. `heardNanos` is when it last proved that it hears and is heard.
// `freshNanos` is from when its silence counts: the same, or later if the master itself did not listen.

/** What the master knows of one listed incarnation. One thread: the master's. */
final class Life {
    static final long NO_LINK = -1;

    Listing listing;
    long link = NO_LINK;
    long acked;
    long leasedUntilNanos;
    long freshNanos;
    long heardNanos = Long.MIN_VALUE;
    /** Dead by certificate, or gone by its own word: it does not act any more. */
    boolean ended;
    /** By what: the certificate, or its own last word. */
    String endedHow = "";
    /** This master has granted it a lease. */
    boolean granted;

    /** The latest plan has begun nothing towards it, since it was quiet. */
    boolean passedOver;

    int load;
    /** The newest view that was sent to it, and when. */
    long pushed;

    long pushedNanos = Long.MIN_VALUE / 2;

    Life(Listing listing, long freshNanos, long leasedUntilNanos) {
        this.listing = listing;
        this.freshNanos = freshNanos;
        this.leasedUntilNanos = leasedUntilNanos;
    }

    Incarnation incarnation() {
        return listing.incarnation();
    }

    @Override
    public String toString() {
        return "member " + listing.name() + " (" + incarnation() + ")";
    }
}
