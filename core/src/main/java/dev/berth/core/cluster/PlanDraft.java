package dev.berth.core.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The changes that a plan has collected so far, and how many drains it may still begin. Confined to one plan. */
final class PlanDraft {
    private final View view;
    private final int drainsMax;
    private final List<Change> changes = new ArrayList<>();
    private final Set<SlotId> resting;
    private int drains;

    PlanDraft(View view, int drainsMax, Set<SlotId> resting) {
        this.view = view;
        this.drainsMax = drainsMax;
        this.resting = resting;
    }

    View view() {
        return view;
    }

    /** The number of the view in the making is the epoch of everything that it grants. */
    long epoch() {
        return view.number();
    }

    boolean isDraining(Incarnation incarnation) {
        Listing listing = view.member(incarnation.node());
        return listing != null && listing.incarnation().equals(incarnation) && listing.draining();
    }

    void noteDrain() {
        drains++;
    }

    boolean mayDrain() {
        return drains < drainsMax;
    }

    boolean rests(SlotId unit) {
        return resting.contains(unit);
    }

    void add(Change change) {
        changes.add(change);
    }

    void set(SlotId slot, SlotState state) {
        add(new Change.SlotChanged(slot, state));
    }

    void drain(SlotId slot, SlotState.Draining state) {
        if (!mayDrain()) {
            throw new IllegalStateException("draining " + slot + " would make more than " + drainsMax + " drains");
        }
        drains++;
        set(slot, state);
    }

    List<Change> changes() {
        return List.copyOf(changes);
    }
}
