package dev.berth.node.operate;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Proposal;
import dev.berth.node.tool.Json;
import java.time.Duration;
import picocli.CommandLine.Option;

/** A command that asks for one change of the view. */
abstract class ProposalCommand extends OperatorCommand {
    @Option(names = "--json", description = "Print one object: accepted, view, reason.")
    private boolean json;

    /** What is asked for. */
    abstract Proposal proposal(Operator operator, Duration patience) throws NoAnswerException, InterruptedException;

    /** One line for the person who asked, once a view has it. */
    abstract String done(long view);

    @Override
    final int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
        ClusterMessage.Decided decided = operator.propose(proposal(operator, patience), patience);
        if (json) {
            out().println(Json.line(answer(decided)));
            return decided.accepted() ? 0 : 1;
        }
        if (!decided.accepted()) {
            err().println("refused: " + decided.reason());
            return 1;
        }
        out().println(done(decided.view()));
        return 0;
    }
}
