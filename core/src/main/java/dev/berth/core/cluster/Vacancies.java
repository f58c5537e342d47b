package dev.berth.core.cluster;

import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

// A joiner would get something of a service if more slots are to be had than there are candidates with nothing,
// because the emptiest come first. To be had are the slots without an owner, those of members that are to be empty,
// and, if the service is rebalanced, all that others have beyond one each. Counting so, thousands of joiners cost one
// pass over the view.

/** Whom it makes sense to admit, judged service by service (D9: a vacancy in one says nothing about another). One thread. */
final class Vacancies {
    private static final class Count {
        private final int room;
        private final int toBeHad;
        private int idle;

        Count(Placement placement) {
            room = placement.bench.room();
            idle = placement.bench.idle();
            toBeHad = placement.wanting() + (placement.service.plan().rebalance() ? placement.bench.spare() : 0);
        }
    }

    private final TreeMap<String, Count> counts = new TreeMap<>();

    /** @param view with the expulsions applied that an admission would bring with it */
    Vacancies(View view, List<Candidate> candidates) {
        for (Placement placement : Planner.placements(new PlanDraft(view, 0, Collections.emptySet()), candidates)) {
            counts.put(placement.service.name(), new Count(placement));
        }
    }

    /** How many units of the service (slots, if it is bucketed) the candidates could own beyond what they have. */
    int room(String service) {
        Count count = counts.get(service);
        return count == null ? 0 : count.room;
    }

    /** Whether somebody who has nothing yet would be given something. */
    boolean wouldGain(Candidate joiner) {
        return joiner.offers().stream().anyMatch(this::isWanted);
    }

    private boolean isWanted(Offer offer) {
        Count count = counts.get(offer.service());
        return count != null && count.toBeHad > count.idle;
    }

    /** From now on the joiner is one of the candidates: the next one is judged after it. */
    void admit(Candidate joiner) {
        for (Offer offer : joiner.offers()) {
            Count count = counts.get(offer.service());
            if (count != null) {
                count.idle++;
            }
        }
    }
}
