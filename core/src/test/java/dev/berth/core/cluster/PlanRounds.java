package dev.berth.core.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

// Plays the master's part around the planner, without time or messages: a round makes one view out of the admissions
// and expulsions that were asked for and what the planner adds; between rounds owners report that they are prepared
// or released.

/** A cluster of views alone, for the tests of what the planner decides. */
final class PlanRounds {
    static final int ROUNDS_MAX = 2_000;

    private final int drainsMax;
    private final TreeMap<NodeId, Integer> loads = new TreeMap<>();
    private final TreeSet<NodeId> silent = new TreeSet<>();
    private final TreeSet<NodeId> quiet = new TreeSet<>();
    private final List<Change> pending = new ArrayList<>();
    private View view = View.empty(5_000_000_000L);
    private View base = view;
    private int drainsBegun;

    PlanRounds(int drainsMax, ServicePlan... plans) {
        this.drainsMax = drainsMax;
        Arrays.stream(plans).map(Change.ServicePlanned::new).forEach(pending::add);
    }

    View view() {
        return view;
    }

    /** What the planner was shown in the last round. */
    View base() {
        return base;
    }

    int drainsBegun() {
        return drainsBegun;
    }

    PlanRounds join(int node, Offer... offers) {
        pending.add(new Change.MemberListed(listing(new Incarnation(new NodeId(node), view.number() + 1), offers)));
        return this;
    }

    static Listing listing(Incarnation incarnation, Offer... offers) {
        String name = "w" + incarnation.node().value();
        return new Listing(
                incarnation, name, new Nonce(1, incarnation.node().value()), List.of(offers), List.of(), "", false);
    }

    static Offer offer(String service, int slots) {
        return new Offer(service, slots, false);
    }

    PlanRounds lose(int node) {
        pending.add(new Change.MemberGone(incarnation(node), "lost"));
        return this;
    }

    PlanRounds markDraining(int node) {
        pending.add(new Change.MemberListed(listed(node).withDraining(true)));
        return this;
    }

    PlanRounds silence(int node) {
        silent.add(new NodeId(node));
        return this;
    }

    /** It has not been heard for a moment, and still is a candidate. */
    PlanRounds quiet(int node) {
        quiet.add(new NodeId(node));
        return this;
    }

    PlanRounds hear(int node) {
        silent.remove(new NodeId(node));
        quiet.remove(new NodeId(node));
        return this;
    }

    PlanRounds load(int node, int thousandths) {
        loads.put(new NodeId(node), thousandths);
        return this;
    }

    PlanRounds change(Change change) {
        pending.add(change);
        return this;
    }

    Incarnation incarnation(int node) {
        return listed(node).incarnation();
    }

    private Listing listed(int node) {
        return Objects.requireNonNull(view.member(new NodeId(node)), () -> "n" + node + " is not listed");
    }

    /** Makes the next view; returns what the planner added to it. */
    List<Change> round() {
        base = view.apply(new Delta(view.number() + 1, "round", pending));
        TreeSet<SlotId> resting = new TreeSet<>();
        for (Change change : pending) {
            if (change instanceof Change.SlotChanged slot) {
                resting.add(slot.slot());
            }
        }
        List<Change> planned = new Planner(base, candidates(base), drainsMax, resting).changes();
        List<Change> all = new ArrayList<>(pending);
        all.addAll(planned);
        drainsBegun += (int) planned.stream().filter(PlanRounds::beginsDrain).count();
        pending.clear();
        view = view.apply(new Delta(view.number() + 1, "round", all));
        return planned;
    }

    private static boolean beginsDrain(Change change) {
        return change instanceof Change.SlotChanged slot && slot.state() instanceof SlotState.Draining;
    }

    List<Candidate> candidates(View shown) {
        List<Candidate> candidates = new ArrayList<>();
        shown.forEachMember(listing -> {
            if (!listing.draining() && !silent.contains(listing.id())) {
                candidates.add(new Candidate(
                        listing.incarnation(),
                        listing.offers(),
                        loads.getOrDefault(listing.id(), 0),
                        quiet.contains(listing.id())));
            }
        });
        return candidates;
    }

    /** Every owner of an offered unit is prepared, every drain comes to its end: one view more. */
    PlanRounds finish() {
        forEachUnit((slot, state) -> {
            switch (state) {
                case SlotState.Offered offered -> set(slot, new SlotState.Running(offered.owner(), offered.epoch()));
                case SlotState.Draining draining ->
                    set(slot, new SlotState.Running(draining.target(), view.number() + 1));
                case SlotState.Free _, SlotState.Running _, SlotState.Parked _ -> {}
            }
        });
        return this;
    }

    /** Rounds and finishes until the planner has nothing to add. */
    PlanRounds settle() {
        for (int i = 0; i < ROUNDS_MAX; i++) {
            // What a view has changed rests in it, so that only a view that changes nothing at all is the end.
            boolean quiet = pending.isEmpty();
            quiet &= round().isEmpty();
            finish();
            if (quiet && pending.isEmpty()) {
                return this;
            }
        }
        throw new AssertionError("no rest after " + ROUNDS_MAX + " rounds: " + owners());
    }

    void set(SlotId slot, SlotState state) {
        pending.add(new Change.SlotChanged(slot, state));
    }

    interface UnitVisitor {
        void visit(SlotId slot, SlotState state);
    }

    void forEachUnit(UnitVisitor visitor) {
        view.services()
                .forEach((name, service) ->
                        service.forEachUnit((i, state) -> visitor.visit(new SlotId(name, i + 1), state)));
    }

    SlotState state(String service, int unit) {
        return Objects.requireNonNull(view.slot(new SlotId(service, unit)), () -> "no unit " + service + "/" + unit);
    }

    /** The node that owns the unit, or 0. */
    int owner(String service, int unit) {
        return state(service, unit).owner().node().value();
    }

    /** The owning node of each unit, in order. */
    List<Integer> owners(String service) {
        int units = Objects.requireNonNull(view.service(service)).plan().units();
        return IntStream.rangeClosed(1, units).mapToObj(i -> owner(service, i)).toList();
    }

    SortedMap<String, List<Integer>> owners() {
        TreeMap<String, List<Integer>> all = new TreeMap<>();
        view.services().keySet().forEach(name -> all.put(name, owners(name)));
        return all;
    }

    /** How many units of the service each listed node owns. */
    SortedMap<Integer, Integer> counts(String service) {
        SortedMap<Integer, Integer> counts = new TreeMap<>();
        view.forEachMember(listing -> counts.put(listing.id().value(), 0));
        owners(service).stream().filter(node -> node > 0).forEach(node -> counts.merge(node, 1, Integer::sum));
        return counts;
    }
}
