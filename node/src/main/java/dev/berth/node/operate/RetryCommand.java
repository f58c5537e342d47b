package dev.berth.node.operate;

import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.SlotId;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ./berth retry SLOT}: a parked slot is offered again. */
@Command(name = "retry", description = "Offers a slot again that was parked because several owners had given it up.")
public final class RetryCommand extends ProposalCommand {
    @Parameters(paramLabel = "SERVICE/NUMBER", description = "The slot, e.g. role/3.")
    private String slot = "";

    @Override
    Proposal proposal(Operator operator, Duration patience) {
        int slash = slot.indexOf('/');
        try {
            return new Proposal.RetrySlot(
                    new SlotId(slot.substring(0, Math.max(0, slash)), Integer.parseInt(slot.substring(slash + 1))));
        } catch (IllegalArgumentException notASlot) {
            throw wrong("a slot is SERVICE/NUMBER, e.g. role/3, got " + slot);
        }
    }

    @Override
    String done(long view) {
        return slot + " is offered again since view " + view;
    }
}
