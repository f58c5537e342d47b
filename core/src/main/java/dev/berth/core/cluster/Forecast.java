package dev.berth.core.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

// The planner itself is asked, view after view, while everybody does at once what a view asks of him: targets get
// ready, owners release. So this is what happens unless something happens meanwhile; who is preferred among equals
// depends on loads, which change.

/**
 * What would follow if a proposal were granted now. Any thread.
 *
 * @param problem why it would be refused; empty if it would not
 * @param moves in the order in which they would begin
 * @param stays units that the proposal wants away from their owner and that have nowhere to go
 * @param joins who stands by now and would be listed, under lives that are only foreseen
 */
public record Forecast(String problem, List<Move> moves, List<SlotId> stays, List<Listing> joins) {
    /** More views than that are not foreseen. */
    private static final int STEPS_MAX = 20_000;

    /**
     * A unit changes its owner.
     *
     * @param from {@link Incarnation#NONE} where it has none
     * @param step the views after the proposal's own, 0 for what is under way already
     */
    public record Move(SlotId unit, Incarnation from, Incarnation to, int step) {}

    public Forecast {
        moves = List.copyOf(moves);
        stays = List.copyOf(stays);
        joins = List.copyOf(joins);
    }

    /** @param status as the leading master knows the cluster now */
    public static Forecast of(
            ClusterMessage.Status status, Proposal proposal, Timings timings, SettingsCatalog catalog) {
        View view = status.view().toView();
        String problem = PlanCheck.problem(view, Incarnation.NONE, proposal, timings, catalog)
                .orElse("");
        return problem.isEmpty()
                ? new Steps(status, catalog).follow(view, PlanCheck.changes(view, Incarnation.NONE, proposal))
                : new Forecast(problem, List.of(), List.of(), List.of());
    }

    /** Goes from view to view. Made for one forecast. */
    private static final class Steps {
        private final TreeMap<Incarnation, MemberStatus> known = new TreeMap<>();
        private final List<Standby> standing;
        private final SettingsCatalog catalog;
        private final List<Move> moves = new ArrayList<>();
        private final List<Listing> joins = new ArrayList<>();

        Steps(ClusterMessage.Status status, SettingsCatalog catalog) {
            status.members().forEach(member -> known.put(member.incarnation(), member));
            this.standing = new ArrayList<>(status.standing());
            this.catalog = catalog;
        }

        Forecast follow(View start, List<Change> proposed) {
            start.forEachUnit((unit, state) -> note(unit, state, Incarnation.NONE, 0));
            View view = start;
            List<Change> first = proposed;
            for (int step = 1; step <= STEPS_MAX; step++) {
                ViewDraft draft = new ViewDraft(view);
                draft.addAll(first);
                done(view, draft);
                admit(draft);
                View shown = draft.preview();
                draft.addAll(plan(shown, draft.changes()));
                if (draft.isEmpty()) {
                    break;
                }
                follow(view, draft.changes(), step);
                view = draft.preview();
                first = List.of();
            }
            List<SlotId> stays = new ArrayList<>();
            View end = view;
            end.forEachUnit((unit, state) -> {
                Listing owner = end.member(state.owner().node());
                if (owner != null && owner.draining() && owner.incarnation().equals(state.owner())) {
                    stays.add(unit);
                }
            });
            return new Forecast("", moves, stays, joins);
        }

        private void follow(View before, List<Change> changes, int step) {
            for (Change change : changes) {
                if (change instanceof Change.SlotChanged(SlotId unit, SlotState state)) {
                    SlotState former = before.slot(unit);
                    note(unit, state, former == null ? Incarnation.NONE : former.owner(), step);
                }
            }
        }

        private void note(SlotId unit, SlotState state, Incarnation former, int step) {
            switch (state) {
                case SlotState.Draining draining ->
                    moves.add(new Move(unit, draining.owner(), draining.target(), step));
                case SlotState.Offered offered -> moves.add(new Move(unit, former, offered.owner(), step));
                case SlotState.Free _, SlotState.Running _, SlotState.Parked _ -> {}
            }
        }

        /** Everybody has done what the view asks of him. */
        private static void done(View view, ViewDraft draft) {
            view.forEachUnit((unit, state) -> {
                SlotState next = next(state, draft.number);
                if (next != null) {
                    draft.add(new Change.SlotChanged(unit, next));
                }
            });
        }

        private static @Nullable SlotState next(SlotState state, long number) {
            return switch (state) {
                case SlotState.Offered offered -> new SlotState.Running(offered.owner(), offered.epoch());
                case SlotState.Draining draining -> new SlotState.Running(draining.target(), number);
                case SlotState.Free _, SlotState.Running _, SlotState.Parked _ -> null;
            };
        }

        /** Who stands by is listed as soon as there is something for him. */
        private void admit(ViewDraft draft) {
            if (standing.isEmpty()) {
                return;
            }
            View shown = draft.preview();
            Vacancies vacancies = new Vacancies(shown, candidates(shown));
            for (Standby one : List.copyOf(standing)) {
                NodeId id = freeId(draft);
                Candidate joiner = new Candidate(Incarnation.NONE, one.offers(), 0);
                if (!id.isNone() && vacancies.wouldGain(joiner)) {
                    standing.remove(one);
                    vacancies.admit(joiner);
                    Incarnation life = new Incarnation(id, draft.number);
                    Listing listing =
                            new Listing(life, one.name(), new Nonce(0, 0), one.offers(), List.of(), "", false);
                    draft.add(new Change.MemberListed(listing));
                    known.put(life, new MemberStatus(life, draft.number, 0, 1, false, 0));
                    joins.add(listing);
                }
            }
        }

        private static NodeId freeId(ViewDraft draft) {
            for (int id = 1; id <= NodeId.MAX; id++) {
                if (draft.members.get(id) == null) {
                    return new NodeId(id);
                }
            }
            return NodeId.NONE;
        }

        private List<Candidate> candidates(View view) {
            List<Candidate> candidates = new ArrayList<>();
            view.forEachMember(listing -> {
                MemberStatus status = known.get(listing.incarnation());
                if (status != null && status.mayOwn() && !listing.draining()) {
                    candidates.add(new Candidate(listing.incarnation(), listing.offers(), status.load()));
                }
            });
            return candidates;
        }

        private List<Change> plan(View view, List<Change> sofar) {
            Set<SlotId> resting = new TreeSet<>();
            for (Change change : sofar) {
                if (change instanceof Change.SlotChanged slot) {
                    resting.add(slot.slot());
                }
            }
            int drainsMax = (int) catalog.whole(view.settings(), SettingsCatalog.DRAIN_SLOTS_MAX);
            return new Planner(view, candidates(view), drainsMax, resting).changes();
        }
    }
}
