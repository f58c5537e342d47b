package dev.berth.lab.sim;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Master;
import dev.berth.core.cluster.MasterConfig;
import dev.berth.core.cluster.Member;
import dev.berth.core.cluster.MemberConfig;
import dev.berth.core.store.Fences;
import dev.berth.core.store.OwnerFence;
import dev.berth.lab.sim.app.CallMachines;
import dev.berth.lab.sim.node.SharedViews;
import dev.berth.lab.sim.node.SimMember;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How the machines of a world are made: the real ones, or with one measure taken away, the same for all nodes.
 *
 * @param touchesChecked whether the coordinator compares the view's version when a member touches (rule 25)
 */
public record Machines(
        Function<MasterConfig, Master> master,
        BiFunction<MemberConfig, SharedViews, Member> member,
        Supplier<Fences> fences,
        Function<Grant, OwnerFence> ownerFence,
        CallMachines calls,
        boolean touchesChecked) {
    public static final Machines REAL =
            new Machines(Master::new, SimMember::new, Fences::new, OwnerFence::new, CallMachines.REAL, true);

    public Machines withMaster(Function<MasterConfig, Master> other) {
        return new Machines(other, member, fences, ownerFence, calls, touchesChecked);
    }

    public Machines withMember(BiFunction<MemberConfig, SharedViews, Member> other) {
        return new Machines(master, other, fences, ownerFence, calls, touchesChecked);
    }

    public Machines withFences(Supplier<Fences> other) {
        return new Machines(master, member, other, ownerFence, calls, touchesChecked);
    }

    public Machines withOwnerFence(Function<Grant, OwnerFence> other) {
        return new Machines(master, member, fences, other, calls, touchesChecked);
    }

    public Machines withCalls(CallMachines other) {
        return new Machines(master, member, fences, ownerFence, other, touchesChecked);
    }

    public Machines withTouchesUnchecked() {
        return new Machines(master, member, fences, ownerFence, calls, false);
    }
}
