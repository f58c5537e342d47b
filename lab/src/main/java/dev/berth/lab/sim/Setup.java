package dev.berth.lab.sim;

import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.Timings;
import dev.berth.lab.sim.net.Weather;
import java.util.List;

/**
 * What a world is made with.
 *
 * @param masters how many masters there are, all listed and all started by {@link World#startMasters}
 * @param driftPpm how far each machine's clock may run off, in millionths, to either side
 * @param shards how many stores share the slots
 * @param sessionNanos the coordinator's session time
 * @param traceLines how many last lines of the trace are kept; 0 = no trace
 */
public record Setup(
        long seed,
        int masters,
        Timings timings,
        List<ServicePlan> plan,
        Weather weather,
        int driftPpm,
        int shards,
        long sessionNanos,
        Machines machines,
        int traceLines) {
    private static final long SESSION_NANOS = 6_000_000_000L;

    public Setup {
        plan = List.copyOf(plan);
        if (masters < 1 || shards < 1 || driftPpm < 0 || driftPpm > timings.driftPercent() * 10_000) {
            throw new IllegalArgumentException("setup: masters=" + masters + " shards=" + shards + " driftPpm="
                    + driftPpm + " with a drift bound of " + timings.driftPercent() + "%");
        }
    }

    /** A quiet world for scripts: honest clocks, a fast network, one store. */
    public static Setup quiet(long seed, int masters, List<ServicePlan> plan) {
        return new Setup(
                seed, masters, Timings.DEFAULT, plan, Weather.CALM, 0, 1, SESSION_NANOS, Machines.REAL, 100_000);
    }

    public Setup with(Machines other) {
        return new Setup(seed, masters, timings, plan, weather, driftPpm, shards, sessionNanos, other, traceLines);
    }

    public Setup with(Timings other) {
        return new Setup(seed, masters, other, plan, weather, driftPpm, shards, sessionNanos, machines, traceLines);
    }

    public Setup withTrace(int lines) {
        return new Setup(seed, masters, timings, plan, weather, driftPpm, shards, sessionNanos, machines, lines);
    }
}
