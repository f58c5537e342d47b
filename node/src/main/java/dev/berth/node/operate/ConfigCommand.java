package dev.berth.node.operate;

import dev.berth.node.tool.Tool;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./berth config}: what a view carries to every node, checked before it does. */
@Command(
        name = "config",
        description = "Shows and changes the cluster's configuration.",
        subcommands = {
            ConfigGet.class,
            ConfigSet.class,
            ConfigClear.class,
            ConfigHistory.class,
            ConfigRollback.class,
            ConfigWatch.class
        })
public final class ConfigCommand implements Tool {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "say one of "
                        + String.join(", ", new TreeSet<>(spec.subcommands().keySet())));
    }
}
