package dev.berth.lab.sim.fault;

import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.MemberEvent;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.lab.sim.World;
import dev.berth.lab.sim.kernel.Dice;
import dev.berth.lab.sim.node.MemberProcess;
import java.util.ArrayList;
import java.util.List;

/** People who ask for drains and other capacities, through any living member. One thread. */
public final class Operators {
    private static final long AGAIN_NANOS = 5_000_000_000L;

    private final World world;
    private final Dice dice;

    Operators(World world) {
        this.world = world;
        this.dice = Dice.of(world.setup().seed(), "operators");
    }

    /** Asks for a change through a member that is alive. */
    public void ask(Proposal proposal) {
        List<MemberProcess> alive = new ArrayList<>();
        for (MemberProcess process : world.members().values()) {
            if (process.isAlive() && process.applied() > 0) {
                alive.add(process);
            }
        }
        if (!alive.isEmpty()) {
            MemberProcess through = dice.pick(alive);
            world.trace().line(through.name(), () -> "is asked for " + proposal);
            through.tell(new MemberEvent.Ask(new Nonce(dice.nextLong(), dice.nextLong()), proposal));
        }
    }

    void drain(MemberProcess process, long forNanos, Dice chance) {
        NodeId node = process.self().node();
        if (!node.isNone()) {
            ask(new Proposal.DrainNode(node, true));
            world.agenda().in(forNanos, () -> ask(new Proposal.DrainNode(node, false)));
        }
    }

    void resize(MemberProcess through, Dice chance) {
        for (Service service : world.checks().history().newest().services().values()) {
            if (service.plan().isBucketed()) {
                ask(new Proposal.Resize(
                        service.name(),
                        1 + chance.nextInt(Math.min(service.plan().buckets(), 16))));
                return;
            }
        }
    }

    /** Whoever was drained gets work again, and parked slots another chance; repeated, since answers are not waited for. */
    void calm() {
        View view = world.checks().history().newest();
        view.forEachMember(this::takeBack);
        for (Service service : view.services().values()) {
            service.forEachUnit((i, state) -> {
                if (state instanceof SlotState.Parked) {
                    ask(new Proposal.RetrySlot(new SlotId(service.name(), i + 1)));
                }
            });
        }
        world.agenda().in(AGAIN_NANOS, this::calm);
    }

    private void takeBack(Listing listing) {
        if (listing.draining()) {
            ask(new Proposal.DrainNode(listing.id(), false));
        }
    }
}
