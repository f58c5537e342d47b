package dev.berth.lab.sim.check;

import dev.berth.core.audit.Invariant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.TreeMap;

/** I4: when up or run returns with a view, all who may act have applied it. One thread. */
final class Order {
    private final TreeMap<Long, LinkedHashSet<Actor>> byApplied = new TreeMap<>();

    void applied(Actor actor, long before, long now) {
        LinkedHashSet<Actor> former = byApplied.get(before);
        if (former != null) {
            former.remove(actor);
            if (former.isEmpty()) {
                byApplied.remove(before);
            }
        }
        byApplied.computeIfAbsent(now, _ -> new LinkedHashSet<>()).add(actor);
    }

    void ended(Actor actor) {
        LinkedHashSet<Actor> peers = byApplied.get(actor.applied());
        if (peers != null) {
            peers.remove(actor);
        }
    }

    void returned(String what, Actor owner, long view, LeaseBook book) {
        for (Map.Entry<Long, LinkedHashSet<Actor>> each :
                byApplied.headMap(view).entrySet()) {
            for (Actor actor : each.getValue()) {
                if (actor.isAlive() && actor.mayAct() && !book.isExcused(actor)) {
                    throw new Violation(
                            Invariant.I4,
                            what + " returned at " + owner.name() + " with view " + view + " while " + actor.name()
                                    + " may act and has applied only view " + each.getKey());
                }
            }
        }
    }
}
