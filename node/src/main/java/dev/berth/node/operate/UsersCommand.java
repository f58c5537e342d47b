package dev.berth.node.operate;

import dev.berth.node.tool.Tool;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./berth users}: accounts and sessions of an application's users. */
@Command(
        name = "users",
        description = "Makes, shows and changes accounts, and ends sessions.",
        subcommands = {
            UsersChange.Disable.class,
            UsersChange.Enable.class,
            UsersChange.Show.class,
            UsersChange.LogOut.class,
            UsersSecret.Add.class,
            UsersSecret.Change.class
        })
public final class UsersCommand implements Tool {
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
