package dev.berth.lab.sim.run;

import dev.berth.core.audit.Invariant;
import dev.berth.lab.sim.check.Violation;
import dev.berth.lab.sim.fault.FaultKind;
import dev.berth.lab.sim.fault.FaultPlan;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

// A run with fewer nodes or minutes is another run: it is tried first, because it helps most where it fails too. Then
// faults are left out, kind by kind and one by one; the rest of the plan stays where it was.

/** Looks for a shorter run that breaks the same invariant. One thread. */
public final class Shrinker {
    private final Consumer<String> progress;
    private int tries;

    public Shrinker(Consumer<String> progress) {
        this.progress = progress;
    }

    /** The shortest that was found; perhaps the given one. */
    public Order shrink(Order failing, Invariant invariant) {
        Order best = fewerNodes(failing, invariant);
        best = fewerMinutes(best, invariant);
        best = fewerKinds(best, invariant);
        best = fewerFaults(best, invariant);
        progress.accept(tries + " runs tried");
        return best;
    }

    private Order fewerNodes(Order order, Invariant invariant) {
        for (int nodes : List.of(4, 5, 6, 8, 10, 12, 16)) {
            if (nodes < order.nodes() && fails(order.sized(nodes, order.minutes()), invariant)) {
                return order.sized(nodes, order.minutes());
            }
        }
        return order;
    }

    private Order fewerMinutes(Order order, Invariant invariant) {
        for (int minutes : List.of(1, 2, 3, 5)) {
            if (minutes < order.minutes() && fails(order.sized(order.nodes(), minutes), invariant)) {
                return order.sized(order.nodes(), minutes);
            }
        }
        return order;
    }

    private Order fewerKinds(Order order, Invariant invariant) {
        Set<FaultKind> without = EnumSet.noneOf(FaultKind.class);
        without.addAll(order.withoutKinds());
        for (FaultKind kind : plan(order).kinds()) {
            without.add(kind);
            if (!fails(order.without(EnumSet.copyOf(without), order.withoutFaults()), invariant)) {
                without.remove(kind);
            }
        }
        return order.without(without, order.withoutFaults());
    }

    /** Leaves out halves, quarters and so on of what is left. */
    private Order fewerFaults(Order order, Invariant invariant) {
        Set<Integer> without = new TreeSet<>(order.withoutFaults());
        List<Integer> left = new ArrayList<>(plan(order).indexes());
        for (int piece = Math.max(1, left.size() / 2); ; piece /= 2) {
            for (int from = 0; from < left.size(); ) {
                List<Integer> candidates = List.copyOf(left.subList(from, Math.min(left.size(), from + piece)));
                Set<Integer> more = new TreeSet<>(without);
                more.addAll(candidates);
                if (fails(order.without(order.withoutKinds(), more), invariant)) {
                    without = more;
                    left.removeAll(candidates);
                } else {
                    from += piece;
                }
            }
            if (piece <= 1) {
                return order.without(order.withoutKinds(), without);
            }
        }
    }

    private static FaultPlan plan(Order order) {
        return SeedRun.plan(order);
    }

    private boolean fails(Order order, Invariant invariant) {
        tries++;
        Violation violation = new SeedRun(order).run().violation();
        boolean same = violation != null && violation.invariant() == invariant;
        if (same) {
            progress.accept("still " + invariant + " with " + order.nodes() + " nodes, " + order.minutes()
                    + " minutes, " + plan(order).faults().size() + " faults");
        }
        return same;
    }
}
