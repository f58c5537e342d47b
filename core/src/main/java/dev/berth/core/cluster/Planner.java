package dev.berth.core.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

// Ownership in four steps, the most urgent first. What has no owner gets one now; a drain that lost its target ends
// now. Whatever else is to move is drained, and of drains there are few at a time: away from members that are to be
// empty, then buckets to the homes of their slots, then from the fullest to the emptiest. Nobody who keeps his owner
// is touched by the loss of another, and the same view and candidates give the same plan anywhere.

/** Decides who owns what in the view that is being made. Made for one plan; any thread, one at a time. */
final class Planner {
    private final PlanDraft draft;
    private final List<Placement> placements;

    /**
     * @param view the base view with the expulsions and admissions of the view in the making already applied: its number()
     *     is the epoch of every grant
     * @param candidates who may be given something; each is listed by the view and not draining
     * @param drainsMax how many units of the whole view may be draining at a time
     * @param resting units that are not to be drained by this view: who owns one must have seen it RUNNING first, so
     *     what the view in the making has already changed is among them
     */
    Planner(View view, List<Candidate> candidates, int drainsMax, Set<SlotId> resting) {
        for (Candidate candidate : candidates) {
            Listing listing = view.member(candidate.incarnation().node());
            if (listing == null || !listing.incarnation().equals(candidate.incarnation()) || listing.draining()) {
                throw new IllegalArgumentException(candidate.incarnation() + " cannot own anything: view "
                        + view.number() + (listing == null ? " does not list it" : " says " + listing));
            }
        }
        draft = new PlanDraft(view, drainsMax, resting);
        placements = placements(draft, candidates);
    }

    /** One placement for each service, with the candidates for it on its bench. */
    static List<Placement> placements(PlanDraft draft, List<Candidate> candidates) {
        TreeMap<String, Bench> benches = new TreeMap<>();
        draft.view().services().keySet().forEach(name -> benches.put(name, new Bench()));
        for (Candidate candidate : candidates) {
            Seat.Tally tally = new Seat.Tally();
            for (Offer offer : candidate.offers()) {
                Bench bench = benches.get(offer.service());
                if (bench != null) {
                    bench.add(candidate, tally, offer.slots());
                }
            }
        }
        List<Placement> placements = new ArrayList<>();
        draft.view().services().values().forEach(service -> {
            Bench bench = benches.getOrDefault(service.name(), new Bench());
            placements.add(Placement.of(draft, service, bench));
        });
        return placements;
    }

    /** The changes that belong into the view, in the order of the steps, of the services' names and of the units. */
    List<Change> changes() {
        placements.forEach(Placement::settle);
        placements.forEach(Placement::evacuate);
        placements.forEach(Placement::bringHome);
        placements.forEach(Placement::level);
        return draft.changes();
    }

    /** How many units of the service (slots, if it is bucketed) the candidates could own beyond what they have. */
    static int room(View view, List<Candidate> candidates, String service) {
        return new Vacancies(view, candidates).room(service);
    }

    /** Whether the joiner would get anything; see {@link Vacancies#wouldGain} for many joiners. */
    static boolean wouldGain(View view, List<Candidate> candidates, Candidate joiner) {
        return new Vacancies(view, candidates).wouldGain(joiner);
    }
}
