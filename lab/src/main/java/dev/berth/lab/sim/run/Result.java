package dev.berth.lab.sim.run;

import dev.berth.lab.sim.check.Violation;
import dev.berth.lab.sim.fault.FaultKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a run went.
 *
 * @param violatedAtNanos when, in virtual time; 0 if nothing was violated
 * @param settledNanos how long after the last fault the cluster had settled
 * @param digest the fingerprint of everything that happened
 * @param coldStartViews how many views it took until every slot first ran, of nodes that all started at once; 0 if they did not,
 *     or a fault came before
 */
public record Result(
        Order order,
        @Nullable Violation violation,
        long violatedAtNanos,
        long events,
        Map<FaultKind, Integer> faults,
        long settledNanos,
        long virtualNanos,
        long digest,
        long views,
        Traffic traffic,
        long coldStartViews,
        long operations,
        List<String> trace,
        long traceDropped) {
    public Result {
        trace = List.copyOf(trace);
    }

    public int faultCount() {
        return faults.values().stream().mapToInt(Integer::intValue).sum();
    }
}
