package dev.berth.lab.sim.check;

import dev.berth.core.audit.Finding;
import dev.berth.core.audit.Invariant;
import dev.berth.core.audit.ViewHistory;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.JournalEntry;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// What real runs see of views goes through the same ViewHistory. Only the simulator sees every write of the
// coordinator as it happens, so it alone can say that a view was never durable, or who was expelled by which.

/** I5 in a world in which nothing is hidden: every view that became durable, in the order of the writes. One thread. */
public final class History {
    private static final String COORDINATOR = "the coordinator";

    private final Consumer<? super Finding> found;
    private final ViewHistory views;
    private final TreeMap<Incarnation, Long> expelledBy = new TreeMap<>();
    private final TreeMap<SlotId, Long> runningSince = new TreeMap<>();
    private View newest;
    private long term;

    /** @param found told of what only the simulator can see */
    History(View first, ViewHistory views, Consumer<? super Finding> found) {
        this.found = found;
        this.views = views;
        this.newest = first;
        views.seen(COORDINATOR, -1, first);
    }

    /** The newest durable view. */
    public View newest() {
        return newest;
    }

    public @Nullable View view(long number) {
        return views.view(number);
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
            found.accept(new Finding(
                    Invariant.I5,
                    "the record's term was " + term,
                    "it is " + newTerm + (takeOver ? " after a take-over" : " after a renewal")));
        }
        term = newTerm;
    }

    void viewWritten(View next, JournalEntry entry) {
        View last = newest;
        newest = next;
        last.forEachMember(listing -> {
            if (!next.lists(listing.incarnation())) {
                expelledBy.put(listing.incarnation(), next.number());
            }
        });
        for (Service service : next.services().values()) {
            Service before = last.service(service.name());
            service.forEachUnit((i, state) -> {
                boolean changed = before == null
                        || !before.has(i + 1)
                        || !before.unit(i + 1).equals(state);
                if (changed && state instanceof SlotState.Running) {
                    runningSince.put(new SlotId(service.name(), i + 1), next.number());
                }
            });
        }
        views.seen(COORDINATOR, last.number(), next);
        views.told(entry);
    }

    void takenOver(JournalEntry entry) {
        views.told(entry);
    }

    void installed(Actor actor, View view, long before) {
        if (views.view(view.number()) == null) {
            found.accept(new Finding(
                    Invariant.I5,
                    "view " + newest.number() + " is the newest that is durable",
                    actor.name() + " installed view " + view.number() + ", which never was"));
        }
        views.seen(actor.name(), before, view);
    }

    /** The coordinator was emptied on purpose: numbers start again. */
    public void wiped(View first) {
        views.forget();
        runningSince.clear();
        term = 0;
        newest = first;
        views.seen(COORDINATOR, -1, first);
    }
}
