package dev.berth.lab.sim.check;

import dev.berth.core.audit.Invariant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

// Leases only run out between events, so two holders can come about only at an event; and only what two processes
// hold at once needs to be looked at, which is hardly ever anything.

/**
 * At most one holder of each thing acts. One thread.
 *
 * @param <K> what is held: a slot, a key of the registry
 */
final class Exclusive<K extends Comparable<K>> {
    /** @param still whether the holder itself believes that it holds */
    private record Holder(Actor actor, Object under, BooleanSupplier still) {
        @Override
        public String toString() {
            return actor.name() + " (" + actor.self() + ", " + under + ")";
        }
    }

    private final Invariant invariant;
    private final LeaseBook book;
    private final Map<K, List<Holder>> holders = new TreeMap<>();
    private final Map<Integer, Set<K>> held = new TreeMap<>();
    private final Map<K, List<Holder>> contested = new LinkedHashMap<>();
    private boolean stale;

    Exclusive(Invariant invariant, LeaseBook book) {
        this.invariant = invariant;
        this.book = book;
    }

    /** @param under by which right: a grant, a handle; an actor holds a thing under one right at a time */
    void holds(Actor actor, K what, Object under, BooleanSupplier still) {
        List<Holder> own = holders.computeIfAbsent(what, _ -> new ArrayList<>(1));
        own.removeIf(holder -> holder.actor().equals(actor));
        own.add(new Holder(actor, under, still));
        held.computeIfAbsent(actor.number(), _ -> new TreeSet<>()).add(what);
        mark(what, own);
    }

    void lets(Actor actor, K what, Object under) {
        List<Holder> own = holders.get(what);
        if (own != null
                && own.removeIf(
                        holder -> holder.actor().equals(actor) && holder.under().equals(under))) {
            mark(what, own);
        }
    }

    void ended(Actor actor) {
        Set<K> all = held.remove(actor.number());
        if (all == null) {
            return;
        }
        for (K what : all) {
            List<Holder> own = holders.get(what);
            if (own != null && own.removeIf(holder -> holder.actor().equals(actor))) {
                mark(what, own);
            }
        }
    }

    private void mark(K what, List<Holder> own) {
        if (own.size() > 1) {
            contested.put(what, own);
            stale = true;
        } else {
            contested.remove(what);
        }
    }

    /** Whether somebody who may act holds it. */
    boolean isHeld(K what) {
        List<Holder> own = holders.get(what);
        return own != null && own.stream().anyMatch(holder -> holder.actor().mayAct());
    }

    /** The actor's lease has been extended. */
    void extended(Actor actor) {
        stale |= !contested.isEmpty() && held.containsKey(actor.number());
    }

    void check() {
        if (stale) {
            stale = false;
            contested.forEach(this::check);
        }
    }

    private void check(K what, List<Holder> own) {
        Holder first = null;
        for (Holder holder : own) {
            Actor actor = holder.actor();
            if (!actor.isAlive() || !actor.mayAct() || !holder.still().getAsBoolean() || book.isExcused(actor)) {
                continue;
            }
            if (first != null) {
                throw new Violation(invariant, what + " is held by " + first + " and by " + holder);
            }
            first = holder;
        }
    }
}
