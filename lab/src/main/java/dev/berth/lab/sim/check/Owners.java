package dev.berth.lab.sim.check;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

// Leases only run out between events, so two owners can come about only at an event; and only slots that two
// processes hold at once need to be looked at, which are hardly ever any.

/** I1: at most one incarnation per slot serves and would pass its lease check. One thread. */
final class Owners {
    private record Holder(Actor actor, Grant grant) {}

    private final LeaseBook book;
    private final Map<SlotId, List<Holder>> holders = new TreeMap<>();
    private final Map<SlotId, List<Holder>> contested = new LinkedHashMap<>();

    Owners(LeaseBook book) {
        this.book = book;
    }

    void serves(Actor actor, Grant grant) {
        List<Holder> own = holders.computeIfAbsent(grant.slot(), _ -> new ArrayList<>(1));
        own.removeIf(holder -> holder.actor().equals(actor));
        own.add(new Holder(actor, grant));
        mark(grant.slot(), own);
    }

    void stops(Actor actor, Grant grant) {
        List<Holder> own = holders.get(grant.slot());
        if (own != null
                && own.removeIf(
                        holder -> holder.actor().equals(actor) && holder.grant().equals(grant))) {
            mark(grant.slot(), own);
        }
    }

    void ended(Actor actor) {
        holders.forEach((slot, own) -> {
            if (own.removeIf(holder -> holder.actor().equals(actor))) {
                mark(slot, own);
            }
        });
    }

    private void mark(SlotId slot, List<Holder> own) {
        if (own.size() > 1) {
            contested.put(slot, own);
        } else {
            contested.remove(slot);
        }
    }

    /** Whether the slot is served by somebody who may act. */
    boolean isServed(SlotId slot) {
        List<Holder> own = holders.get(slot);
        return own != null && own.stream().anyMatch(holder -> holder.actor().mayAct());
    }

    void check() {
        if (!contested.isEmpty()) {
            contested.forEach(this::check);
        }
    }

    private void check(SlotId slot, List<Holder> own) {
        Holder first = null;
        for (Holder holder : own) {
            Actor actor = holder.actor();
            if (!actor.isAlive() || !actor.mayAct() || book.isExcused(actor)) {
                continue;
            }
            if (first != null) {
                throw new Violation(Invariant.I1, slot + " is served by " + words(first) + " and by " + words(holder));
            }
            first = holder;
        }
    }

    private static String words(Holder holder) {
        return holder.actor().name() + " (" + holder.actor().self() + ", epoch "
                + holder.grant().epoch() + ")";
    }
}
