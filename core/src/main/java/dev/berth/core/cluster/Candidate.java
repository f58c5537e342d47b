package dev.berth.core.cluster;

import java.util.List;

/**
 * Somebody who may own: leased and not draining, or a joiner listed by this same view. Any thread.
 *
 * @param load how busy it says it is, in thousandths; decides only between candidates that own equally much
 */
record Candidate(Incarnation incarnation, List<Offer> offers, int load) {
    Candidate {
        offers = List.copyOf(offers);
    }
}
