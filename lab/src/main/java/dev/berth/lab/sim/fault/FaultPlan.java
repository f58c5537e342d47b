package dev.berth.lab.sim.fault;

import dev.berth.lab.sim.kernel.Dice;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

// Each seed has some kinds switched on and others off: a run with everything at once rarely gets deep into anything.

/** All faults of a run, in the order of time. Any thread. */
public record FaultPlan(List<Fault> faults) {
    private static final int KINDS_MIN = 5;
    private static final int FAULTS_MIN = 20;
    private static final int FAULTS_MORE = 40;

    public FaultPlan {
        faults = List.copyOf(faults);
    }

    /** Draws a plan of at least 20 faults of at least five kinds for the time between two instants. */
    public static FaultPlan draw(long seed, long fromNanos, long toNanos) {
        Dice dice = Dice.of(seed, "faults");
        List<FaultKind> kinds = kinds(dice);
        int count = FAULTS_MIN + dice.nextInt(FAULTS_MORE);
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            times.add(fromNanos + dice.nextLong(toNanos - fromNanos));
        }
        times.sort(null);
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // The first ones make sure that every kind comes at least once.
            FaultKind kind = i < kinds.size() ? kinds.get(i) : dice.pick(kinds);
            faults.add(new Fault(i, kind, times.get(i), dice.nextLong()));
        }
        return new FaultPlan(faults);
    }

    private static List<FaultKind> kinds(Dice dice) {
        Set<FaultKind> chosen = EnumSet.noneOf(FaultKind.class);
        int oneIn = 2 + dice.nextInt(3);
        for (FaultKind kind : FaultKind.values()) {
            if (dice.oneIn(oneIn)) {
                chosen.add(kind);
            }
        }
        while (chosen.size() < KINDS_MIN) {
            chosen.add(dice.pick(List.of(FaultKind.values())));
        }
        List<FaultKind> shuffled = new ArrayList<>(chosen);
        for (int i = shuffled.size() - 1; i > 0; i--) {
            int other = dice.nextInt(i + 1);
            FaultKind swap = shuffled.get(i);
            shuffled.set(i, shuffled.get(other));
            shuffled.set(other, swap);
        }
        return shuffled;
    }

    public FaultPlan without(Set<FaultKind> kinds, Set<Integer> indexes) {
        return new FaultPlan(faults.stream()
                .filter(fault -> !kinds.contains(fault.kind()) && !indexes.contains(fault.index()))
                .toList());
    }

    public Set<FaultKind> kinds() {
        Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        faults.forEach(fault -> kinds.add(fault.kind()));
        return kinds;
    }

    public Set<Integer> indexes() {
        Set<Integer> indexes = new TreeSet<>();
        faults.forEach(fault -> indexes.add(fault.index()));
        return indexes;
    }
}
