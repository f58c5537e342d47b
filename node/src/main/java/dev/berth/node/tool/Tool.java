package dev.berth.node.tool;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.spi.ToolProvider;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A command of {@code berth}, in one class: the service that the console finds, and the picocli command that reads the options.
 * Such a class has {@link Command @Command} with name and description, a public constructor without arguments, and a line in its
 * module's {@code META-INF/services/java.util.spi.ToolProvider}. {@link #call()} does the work and returns the exit code; it
 * prints to {@code spec.commandLine().getOut()}, where {@code spec} is a field marked {@code @Spec}. The option {@code --help}
 * is added here, to subcommands too. One thread calls it, once per process.
 */
public interface Tool extends ToolProvider, Callable<Integer> {
    @Override
    default String name() {
        return command().name();
    }

    @Override
    default Optional<String> description() {
        return Optional.of(String.join(" ", command().description()));
    }

    /** Exit codes: what {@link #call()} returns; 1 when it throws; 2 when the arguments are wrong. */
    @Override
    default int run(PrintWriter out, PrintWriter err, String... args) {
        var line = new CommandLine(this).setOut(out).setErr(err).setCommandName("berth " + name());
        addHelp(line);
        line.getSubcommands().values().forEach(Tool::addHelp);
        line.setParameterExceptionHandler((wrong, _) -> {
            err.println(wrong.getMessage());
            err.println("'" + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help' lists the options.");
            err.flush();
            return 2;
        });
        return line.execute(args);
    }

    private static void addHelp(CommandLine line) {
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help and exit.")
                        .build());
    }

    private Command command() {
        var command = getClass().getAnnotation(Command.class);
        if (command == null) {
            throw new IllegalStateException(getClass().getName() + " lacks @Command(name = ..., description = ...)");
        }
        return command;
    }
}
