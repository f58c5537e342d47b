package dev.berth.lab.sim.app;

import dev.berth.core.call.CallLimits;
import dev.berth.core.call.Calls;
import dev.berth.core.call.Judge;
import dev.berth.core.call.MarkSet;
import dev.berth.core.call.Table;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** How the machines of core.call are made: the real ones, or with one measure taken away. */
public record CallMachines(Function<LongPredicate, Judge> judge, Supplier<MarkSet> marks, CallsMaker calls) {
    public static final CallMachines REAL = new CallMachines(Judge::new, MarkSet::new, Calls::new);

    /** Makes a call table. */
    @FunctionalInterface
    public interface CallsMaker {
        Calls make(CallLimits limits, Judge judge, MarkSet marks, Table table, RandomGenerator random);
    }

    public CallMachines withJudge(Function<LongPredicate, Judge> other) {
        return new CallMachines(other, marks, calls);
    }

    public CallMachines withMarks(Supplier<MarkSet> other) {
        return new CallMachines(judge, other, calls);
    }
}
