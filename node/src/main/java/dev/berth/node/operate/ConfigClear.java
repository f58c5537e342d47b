package dev.berth.node.operate;

import dev.berth.core.cluster.Proposal;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ./berth config clear KEY}. */
@Command(name = "clear", description = "Gives a key its standard value again.")
final class ConfigClear extends ProposalCommand {
    @Parameters(paramLabel = "KEY", description = "The setting, e.g. drain.slots-max.")
    private String key = "";

    @Override
    Proposal proposal(Operator operator, Duration patience) {
        return new Proposal.ClearSetting(key);
    }

    @Override
    String done(long view) {
        return key + " has its standard since view " + view;
    }
}
