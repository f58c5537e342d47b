package dev.berth.node.operate;

import dev.berth.core.cluster.Proposal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./berth set KEY VALUE}: the cluster's configuration, checked before a view carries it to every node. */
@Command(name = "set", description = "Sets a key of the cluster's configuration, or clears it.")
public final class SetCommand extends ProposalCommand {
    @Parameters(index = "0", paramLabel = "KEY", description = "The setting, e.g. drain.slots-max.")
    private String key = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "Its new value.")
    private @Nullable String value;

    @Option(names = "--clear", description = "Back to the default.")
    private boolean clear;

    @Override
    Proposal proposal(Operator operator, Duration patience) {
        String wanted = value;
        if (clear == (wanted != null)) {
            throw wrong("say either a VALUE or --clear");
        }
        return wanted == null ? new Proposal.ClearSetting(key) : new Proposal.SetSetting(key, wanted);
    }

    @Override
    String done(long view) {
        return key + (clear ? " has its default" : " is " + value) + " since view " + view;
    }
}
