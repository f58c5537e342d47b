package dev.berth.node.operate;

import dev.berth.node.tool.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that asks a running cluster. */
abstract class OperatorCommand implements Tool {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = "--within",
            paramLabel = "SECONDS",
            description = "How long to look for a master that answers (default ${DEFAULT-VALUE}).",
            defaultValue = "15")
    private int within;

    /** Asks and prints; the result is the exit code. */
    abstract int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException;

    final ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    @Override
    public final Integer call() throws IOException, InterruptedException {
        String problem = cluster.problem();
        if (problem != null) {
            throw wrong(problem);
        }
        try (Operator operator = new Operator(cluster.transport(), cluster.masters())) {
            return ask(operator, Duration.ofSeconds(within));
        } catch (NoAnswerException nobody) {
            err().println(nobody.getMessage());
            return 1;
        }
    }
}
