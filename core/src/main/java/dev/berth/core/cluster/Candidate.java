package dev.berth.core.cluster;

import java.util.List;

/**
 * Somebody who may own: leased and not draining, or a joiner listed by this same view. Any thread.
 *
 * @param load how busy it says it is, in thousandths; decides only between candidates that own equally much
 * @param quiet not heard for more than {@link #QUIET_BEATS} beats: perhaps it has just frozen
 */
record Candidate(Incarnation incarnation, List<Offer> offers, int load, boolean quiet) {
    /** One may be late. */
    static final int QUIET_BEATS = 2;

    Candidate {
        offers = List.copyOf(offers);
    }

    /** Of whom the master has just heard. */
    Candidate(Incarnation incarnation, List<Offer> offers, int load) {
        this(incarnation, offers, load, false);
    }
}
