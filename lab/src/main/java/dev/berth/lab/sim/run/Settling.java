package dev.berth.lab.sim.run;

import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.Offer;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.Timings;
import dev.berth.core.cluster.View;
import dev.berth.lab.sim.World;
import dev.berth.lab.sim.node.MasterProcess;
import dev.berth.lab.sim.node.MemberProcess;

// After the last fault: a session may have to run out, a new master may have to wait for its predecessor's promises,
// the brake may be on and let one silent member go per second, barriers may wait for a member to lapse, a drain may
// run into its deadline. These follow one another at worst.

/** I8: within a stated time every slot with a willing node runs. One thread. */
final class Settling {
    private static final long SECOND = 1_000_000_000L;

    private final World world;

    Settling(World world) {
        this.world = world;
    }

    /** The stated time. */
    static long boundNanos(Timings timings, long sessionNanos, int members) {
        long lease = timings.stretched(timings.leaseNanos());
        long takeOver = sessionNanos + timings.stretched(timings.leaseNanos() + timings.leaderLeaseNanos());
        long brake = 3 * timings.leaseNanos() + members * SECOND;
        long barriers = 3 * (timings.ackNanos() + lease);
        return takeOver + brake + barriers + 2 * timings.drainNanos();
    }

    boolean isDone() {
        return lacks().isEmpty();
    }

    /** What is still missing, in words; empty if nothing is. */
    String lacks() {
        MasterProcess leader = world.leader();
        if (leader == null) {
            return "there is no leading master";
        }
        View view = world.checks().history().newest();
        for (Service service : view.services().values()) {
            String lack = lacks(service);
            if (!lack.isEmpty()) {
                return lack;
            }
        }
        for (MemberProcess member : world.members().values()) {
            String lack = lacks(view, member);
            if (!lack.isEmpty()) {
                return lack;
            }
        }
        return "";
    }

    private String lacks(Service service) {
        String[] lack = {""};
        boolean roomForAll = roomForAll(service);
        service.forEachUnit((i, state) -> {
            SlotId slot = new SlotId(service.name(), i + 1);
            if (state instanceof SlotState.Free && !roomForAll) {
                return;
            }
            if (lack[0].isEmpty() && !(state instanceof SlotState.Running)) {
                lack[0] = slot + " is " + state;
            } else if (lack[0].isEmpty() && !world.checks().isServed(slot)) {
                lack[0] = slot + " is " + state + ", but is not served there";
            }
        });
        return lack[0];
    }

    /** Whether the living members together are willing to own every slot; else some slots rightly have no owner. */
    private boolean roomForAll(Service service) {
        int offered = world.members().values().stream()
                .filter(MemberProcess::isAlive)
                .flatMap(member -> world.spec(member.name()).offers().stream())
                .filter(offer -> offer.service().equals(service.name()))
                .mapToInt(Offer::slots)
                .sum();
        return offered >= service.plan().capacity();
    }

    /** A node that is not listed has found no vacancy, or will be listed soon: both are fine where nothing lacks an owner. */
    private static String lacks(View view, MemberProcess member) {
        Listing listing =
                member.self().isNone() ? null : view.member(member.self().node());
        if (!member.isAlive() || listing == null || !view.lists(member.self())) {
            return "";
        }
        if (!member.mayAct()) {
            return member.name() + " is listed and may not act";
        }
        return member.applied() == view.number()
                ? ""
                : member.name() + " has applied view " + member.applied() + " of " + view.number();
    }
}
