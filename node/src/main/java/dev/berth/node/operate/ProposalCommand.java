package dev.berth.node.operate;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Proposal;
import dev.berth.node.tool.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that asks for one change of the view. */
abstract class ProposalCommand implements Tool {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = "--within",
            paramLabel = "SECONDS",
            description = "How long to look for a leading master (default ${DEFAULT-VALUE}).",
            defaultValue = "15")
    private int within;

    /** What is asked for. */
    abstract Proposal proposal(Operator operator, Duration patience) throws NoAnswerException, InterruptedException;

    /** One line for the person who asked, once a view has it. */
    abstract String done(long view);

    final ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    @Override
    public final Integer call() throws IOException, InterruptedException {
        String problem = cluster.problem();
        if (problem != null) {
            throw wrong(problem);
        }
        PrintWriter err = spec.commandLine().getErr();
        Duration patience = Duration.ofSeconds(within);
        try (Operator operator = new Operator(cluster.transport(), cluster.masters())) {
            ClusterMessage.Decided decided = operator.propose(proposal(operator, patience), patience);
            if (!decided.accepted()) {
                err.println("refused: " + decided.reason());
                return 1;
            }
            spec.commandLine().getOut().println(done(decided.view()));
            return 0;
        } catch (NoAnswerException nobody) {
            err.println(nobody.getMessage());
            return 1;
        }
    }
}
