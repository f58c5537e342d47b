package dev.berth.node.operate;

import dev.berth.core.cluster.Proposal;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ./berth config set KEY VALUE}. */
@Command(name = "set", description = "Gives a key a value.")
final class ConfigSet extends ProposalCommand {
    @Parameters(index = "0", paramLabel = "KEY", description = "The setting, e.g. drain.slots-max.")
    private String key = "";

    @Parameters(index = "1", paramLabel = "VALUE", description = "Its new value.")
    private String value = "";

    @Override
    Proposal proposal(Operator operator, Duration patience) {
        return new Proposal.SetSetting(key, value);
    }

    @Override
    String done(long view) {
        return key + " is " + value + " since view " + view;
    }
}
