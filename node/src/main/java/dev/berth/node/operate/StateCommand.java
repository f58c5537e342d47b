package dev.berth.node.operate;

import dev.berth.node.tool.Tool;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./berth state}: what entities have in the store, out of a cluster and into one. */
@Command(
        name = "state",
        description = "Shows, exports and imports what entities have in the store.",
        subcommands = {StateGet.class, StateExport.class, StateImport.class})
public final class StateCommand implements Tool {
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
