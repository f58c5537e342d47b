package dev.berth.node.operate;

import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.View;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./berth drain NODE}: its slots move away, one by one, while callers wait a moment instead of failing. */
@Command(name = "drain", description = "Moves all slots away from a node and gives it none, or ends that.")
public final class DrainCommand extends ProposalCommand {
    @Parameters(paramLabel = "NODE", description = "The node's name, or its id, e.g. n4.")
    private String node = "";

    @Option(names = "--end", description = "The node may own slots again.")
    private boolean end;

    @Override
    Proposal proposal(Operator operator, Duration patience) throws NoAnswerException, InterruptedException {
        View view = operator.status(patience).view().toView();
        return new Proposal.DrainNode(node(view, node), !end);
    }

    @Override
    String done(long view) {
        return end
                ? node + " may own slots again since view " + view
                : node + " drains since view " + view + "; berth status shows how far it is";
    }
}
