package dev.berth.node.tool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./berth classpath}: for {@code javac -cp "$(berth classpath)"}. */
@Command(
        name = "classpath",
        description = "Prints what a program that uses Berth is compiled with: javac -cp \"$(berth classpath)\".")
public final class ClasspathCommand implements Tool {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(System.getProperty("java.class.path"));
        return 0;
    }
}
