package dev.berth.node.operate;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Proposal;
import java.time.Duration;

/** A command that asks for one change of the view. */
abstract class ProposalCommand extends OperatorCommand {
    /** What is asked for. */
    abstract Proposal proposal(Operator operator, Duration patience) throws NoAnswerException, InterruptedException;

    /** One line for the person who asked, once a view has it. */
    abstract String done(long view);

    @Override
    final int ask(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
        ClusterMessage.Decided decided = operator.propose(proposal(operator, patience), patience);
        if (!decided.accepted()) {
            err().println("refused: " + decided.reason());
            return 1;
        }
        out().println(done(decided.view()));
        return 0;
    }
}
