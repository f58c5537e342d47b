package dev.berth.lab.sim.check;

import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.cluster.ViewImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// Every view that became durable, in the order of the writes. What a member installs is compared with it: by identity
// where nodes share the object, else by content, once for each object.

/** I5: terms, views and epochs only grow, and one view number has one content everywhere. One thread. */
public final class History {
    private final TreeMap<Long, View> views = new TreeMap<>();
    private final TreeMap<Long, List<View>> verified = new TreeMap<>();
    private final TreeMap<Incarnation, Long> expelledBy = new TreeMap<>();
    private final TreeMap<SlotId, Long> epochs = new TreeMap<>();
    private final TreeMap<SlotId, Long> runningSince = new TreeMap<>();
    private long term;
    private long installsChecked;
    private View imaged;
    private ViewImage image;

    History(View first) {
        views.put(first.number(), first);
        imaged = first;
        image = ViewImage.of(first);
    }

    /** The newest durable view. */
    public View newest() {
        return views.lastEntry().getValue();
    }

    public @Nullable View view(long number) {
        return views.get(number);
    }

    public long term() {
        return term;
    }

    /** The view that expelled an incarnation, or {@link Long#MAX_VALUE} while it is listed or unknown. */
    long expelledBy(Incarnation incarnation) {
        return expelledBy.getOrDefault(incarnation, Long.MAX_VALUE);
    }

    /** The view in which the slot's present owner began to run. */
    long runningSince(SlotId slot) {
        return runningSince.getOrDefault(slot, 0L);
    }

    void termWritten(long newTerm, boolean takeOver) {
        if (takeOver ? newTerm <= term : newTerm != term) {
            throw new Violation(
                    Invariant.I5,
                    "the record's term went from " + term + " to " + newTerm
                            + (takeOver ? " in a take-over" : " in a renewal"));
        }
        term = newTerm;
    }

    void viewWritten(View next) {
        View last = newest();
        if (next.number() <= last.number()) {
            throw new Violation(Invariant.I5, "view " + next.number() + " was written over view " + last.number());
        }
        last.forEachMember(listing -> {
            if (!next.lists(listing.incarnation())) {
                expelledBy.put(listing.incarnation(), next.number());
            }
        });
        next.forEachMember(listing -> checkIncarnation(last, next, listing));
        for (Service service : next.services().values()) {
            Service before = last.service(service.name());
            service.forEachUnit((i, state) -> {
                if (before == null || !before.has(i + 1) || !before.unit(i + 1).equals(state)) {
                    slotChanged(next, new SlotId(service.name(), i + 1), state);
                }
            });
        }
        views.put(next.number(), next);
    }

    private void checkIncarnation(View last, View next, Listing listing) {
        if (!last.lists(listing.incarnation()) && listing.incarnation().number() != next.number()) {
            throw new Violation(
                    Invariant.I5,
                    "view " + next.number() + " lists " + listing.incarnation()
                            + ", which is new, so its number should be the view's");
        }
    }

    private void slotChanged(View next, SlotId slot, SlotState state) {
        long known = epochs.getOrDefault(slot, 0L);
        if (state.owner().isNone()) {
            return;
        }
        if (state.epoch() < known || state.epoch() > next.number()) {
            throw new Violation(
                    Invariant.I5,
                    "view " + next.number() + " gives " + slot + " the epoch " + state.epoch() + " after " + known);
        }
        if (!next.lists(state.owner())) {
            throw new Violation(
                    Invariant.I5,
                    "view " + next.number() + " gives " + slot + " to " + state.owner() + ", whom it does not list");
        }
        epochs.put(slot, state.epoch());
        if (state instanceof SlotState.Running) {
            runningSince.put(slot, next.number());
        }
    }

    void installed(Actor actor, View view, long before) {
        if (view.number() <= before) {
            throw new Violation(
                    Invariant.I5, actor.name() + " installed view " + view.number() + " after view " + before);
        }
        View durable = views.get(view.number());
        if (durable == null) {
            throw new Violation(
                    Invariant.I5, actor.name() + " installed view " + view.number() + ", which was never durable");
        }
        List<View> same = verified.computeIfAbsent(view.number(), _ -> new ArrayList<>(1));
        if (view == durable || same.contains(view)) {
            return;
        }
        installsChecked++;
        if (imaged != durable) {
            imaged = durable;
            image = ViewImage.of(durable);
        }
        if (!ViewImage.of(view).equals(image)) {
            throw new Violation(
                    Invariant.I5,
                    actor.name() + " installed view " + view.number() + " with another content than the durable one");
        }
        same.add(view);
    }

    /** How many installed views were compared field by field. */
    long installsChecked() {
        return installsChecked;
    }

    /** The coordinator was emptied on purpose: numbers start again. */
    public void wiped(View first) {
        views.clear();
        verified.clear();
        epochs.clear();
        runningSince.clear();
        term = 0;
        views.put(first.number(), first);
    }

    Map<SlotId, Long> epochs() {
        return epochs;
    }
}
