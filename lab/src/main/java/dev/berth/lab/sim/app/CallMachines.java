package dev.berth.lab.sim.app;

import dev.berth.core.call.CallLimits;
import dev.berth.core.call.Calls;
import dev.berth.core.call.Judge;
import dev.berth.core.call.MarkSet;
import dev.berth.core.call.Table;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.View;
import dev.berth.core.registry.RegistryFront;
import dev.berth.core.registry.RegistryKey;
import dev.berth.core.registry.RegistryLimits;
import dev.berth.core.registry.RegistryOwner;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** How the machines of core.call and core.registry are made: the real ones, or with one measure taken away. */
public record CallMachines(
        Function<LongPredicate, Judge> judge,
        Supplier<MarkSet> marks,
        CallsMaker calls,
        FrontMaker front,
        OwnerMaker owner) {
    public static final CallMachines REAL =
            new CallMachines(Judge::new, MarkSet::new, Calls::new, RegistryFront::new, RegistryOwner::new);

    /** Makes a call table. */
    @FunctionalInterface
    public interface CallsMaker {
        Calls make(CallLimits limits, Judge judge, MarkSet marks, Table table, RandomGenerator random);
    }

    /** Makes a node's front of the registry. */
    @FunctionalInterface
    public interface FrontMaker {
        RegistryFront make(
                Incarnation self,
                String service,
                Function<RegistryKey, SlotId> slotOf,
                RegistryLimits limits,
                RandomGenerator random);
    }

    /** Makes the owner of a registry slot. */
    @FunctionalInterface
    public interface OwnerMaker {
        RegistryOwner make(Grant grant, View view, RegistryLimits limits);
    }

    public CallMachines withJudge(Function<LongPredicate, Judge> other) {
        return new CallMachines(other, marks, calls, front, owner);
    }

    public CallMachines withMarks(Supplier<MarkSet> other) {
        return new CallMachines(judge, other, calls, front, owner);
    }

    public CallMachines withFront(FrontMaker other) {
        return new CallMachines(judge, marks, calls, other, owner);
    }

    public CallMachines withOwner(OwnerMaker other) {
        return new CallMachines(judge, marks, calls, front, other);
    }
}
