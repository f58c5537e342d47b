package dev.berth.lab.bench;

import dev.berth.node.tool.Tool;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code berth bench}: each measurement is a command of its own, a {@link Bench}. */
@Command(
        name = "bench",
        description = "Measures this machine; docs/benchmarks.md says what the figures mean.",
        subcommands = {
            CallsBench.class,
            LinksBench.class,
            AppendsBench.class,
            StoreBench.class,
            TakeoverBench.class,
            NodesBench.class,
            SoakBench.class,
            RecordsBench.class,
            LocalBench.class,
            ProcessesBench.class,
            EntitiesBench.class,
            StayBench.class,
            GateBench.class,
            PokerBench.class,
            RiggedBench.class,
            SeatsBench.class
        })
public final class BenchCommand implements Tool {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "which measurement? One of "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
