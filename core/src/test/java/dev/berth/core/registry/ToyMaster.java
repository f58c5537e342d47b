package dev.berth.core.registry;

import dev.berth.core.cluster.Change;
import dev.berth.core.cluster.Delta;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A master without faults: leases, grants behind a barrier with its floor, drains, expulsion of the lapsed (rules 4 to 10). */
final class ToyMaster {
    private static final class Known {
        long leasedUntil;
        long heardAt;
        long applied;
    }

    private final ToyCluster cluster;
    final List<View> views = new ArrayList<>();
    private final TreeMap<Incarnation, Known> known = new TreeMap<>();
    private long floor;

    /** How long a member without slots may be silent before it is expelled. */
    long patience = 4_000;

    ToyMaster(ToyCluster cluster) {
        this.cluster = cluster;
        View empty = View.empty(ToyCluster.LEASE);
        views.add(empty.apply(new Delta(
                1,
                "plan",
                List.of(new Change.ServicePlanned(ServicePlan.plain(ToyCluster.SERVICE, ToyCluster.SLOTS))))));
    }

    View view() {
        return views.getLast();
    }

    private void next(String reason, List<Change> changes) {
        views.add(view().apply(new Delta(view().number() + 1, reason, changes)));
        cluster.say(() -> "view " + view().number() + " " + reason + " " + changes);
    }

    ToyNode admit(int id) {
        Incarnation life = new Incarnation(new NodeId(id), view().number() + 1);
        List<Change> changes = new ArrayList<>();
        Listing before = view().member(life.node());
        if (before != null) {
            changes.addAll(expulsion(before.incarnation(), true, life));
        }
        changes.add(new Change.MemberListed(
                new Listing(life, "node" + id, new Nonce(id, life.number()), List.of(), List.of(), "", false)));
        next("admit", changes);
        Known fresh = new Known();
        fresh.heardAt = cluster.now;
        fresh.applied = view().number();
        fresh.leasedUntil = cluster.now + ToyCluster.LEASE;
        known.put(life, fresh);
        return new ToyNode(cluster, life, view());
    }

    void beat(ToyNode from, long sent, long applied) {
        Known member = known.get(from.self);
        if (member == null || !view().lists(from.self)) {
            cluster.send(
                    Incarnation.NONE,
                    from.self,
                    () -> from.step(() -> {
                        cluster.say(() -> from.self + " EXPELLED");
                        from.dead = true;
                    }));
            return;
        }
        member.heardAt = cluster.now;
        member.applied = Math.max(member.applied, applied);
        boolean lease = applied >= floor;
        if (lease) {
            member.leasedUntil = cluster.now + ToyCluster.LEASE;
        }
        List<View> missing = views.stream().filter(v -> v.number() > applied).toList();
        cluster.send(Incarnation.NONE, from.self, () -> from.step(() -> from.answered(sent, lease, missing)));
    }

    private boolean lapsed(Incarnation member) {
        Known of = known.get(member);
        return of == null || cluster.now > of.leasedUntil;
    }

    private boolean silent(Incarnation member, long nanos) {
        Known of = known.get(member);
        return of == null || cluster.now > of.heardAt + nanos;
    }

    private List<Incarnation> leased() {
        List<Incarnation> members = new ArrayList<>();
        view().forEachMember(listing -> {
            if (!lapsed(listing.incarnation()) && !silent(listing.incarnation(), 2 * ToyCluster.BEAT)) {
                members.add(listing.incarnation());
            }
        });
        return members;
    }

    private @Nullable Incarnation anyLeased() {
        List<Incarnation> members = leased();
        return members.isEmpty() ? null : members.get(cluster.random.nextInt(members.size()));
    }

    /** Expels a member that has surely lapsed and grants its slots to others, with the number of the next view as epoch. */
    private List<Change> expulsion(Incarnation gone, boolean evenWithout, Incarnation except) {
        List<Change> changes = new ArrayList<>();
        for (int number = 1; number <= ToyCluster.SLOTS; number++) {
            SlotId slot = new SlotId(ToyCluster.SERVICE, number);
            if (owner(slot).equals(gone)) {
                Incarnation heir = anyLeased();
                changes.add(new Change.SlotChanged(
                        slot,
                        heir == null || heir.node().equals(except.node())
                                ? SlotState.Free.CLEAN
                                : new SlotState.Offered(heir, view().number() + 1, 0)));
            }
        }
        if (!changes.isEmpty() || evenWithout) {
            changes.addFirst(new Change.MemberGone(gone, "lapsed"));
        }
        return changes;
    }

    private Incarnation owner(SlotId slot) {
        SlotState state = view().slot(slot);
        return state == null ? Incarnation.NONE : state.owner();
    }

    boolean mayReplace(Incarnation life) {
        return lapsed(life);
    }

    void tick() {
        List<Incarnation> listed = new ArrayList<>();
        view().forEachMember(listing -> listed.add(listing.incarnation()));
        for (Incarnation member : listed) {
            if (lapsed(member) && silent(member, 2 * ToyCluster.BEAT)) {
                List<Change> changes = expulsion(member, silent(member, patience), Incarnation.NONE);
                if (!changes.isEmpty()) {
                    next("expel", changes);
                }
            }
        }
        for (int number = 1; number <= ToyCluster.SLOTS; number++) {
            advance(new SlotId(ToyCluster.SERVICE, number));
        }
    }

    private void advance(SlotId slot) {
        switch (view().slot(slot)) {
            case SlotState.Free _ -> {
                Incarnation heir = anyLeased();
                if (heir != null) {
                    next(
                            "grant",
                            List.of(new Change.SlotChanged(slot, new SlotState.Offered(heir, view().number() + 1, 0))));
                }
            }
            case SlotState.Offered offered -> closeBarrier(slot, offered);
            case SlotState.Draining draining -> {
                Known source = known.get(draining.owner());
                if (lapsed(draining.target())) {
                    next("drain abandoned", running(slot, draining.owner()));
                } else if (source != null && source.applied >= view().number()) {
                    next("moved", running(slot, draining.target()));
                }
            }
            case SlotState.Running _, SlotState.Parked _ -> {}
            case null -> throw new IllegalStateException("no slot " + slot);
        }
    }

    private List<Change> running(SlotId slot, Incarnation owner) {
        return List.of(new Change.SlotChanged(slot, new SlotState.Running(owner, view().number() + 1)));
    }

    /** Rule 8: everybody listed has applied the granting view or is excused; the excused get no lease before they have. */
    private void closeBarrier(SlotId slot, SlotState.Offered offered) {
        List<Incarnation> excused = new ArrayList<>();
        boolean[] open = {false};
        view().forEachMember(listing -> {
            Incarnation member = listing.incarnation();
            Known of = known.get(member);
            if (of == null || of.applied < offered.epoch()) {
                if (lapsed(member)) {
                    excused.add(member);
                } else {
                    open[0] = true;
                }
            }
        });
        if (open[0] || lapsed(offered.owner())) {
            return;
        }
        floor = Math.max(floor, offered.epoch());
        excused.forEach(_ -> cluster.oracle.count("excused"));
        Grant grant = new Grant(slot, offered.epoch());
        cluster.say(() -> "barrier of " + grant + " closed without " + excused);
        ToyNode owner = cluster.nodes.get(offered.owner().node().value());
        if (owner != null && owner.self.equals(offered.owner())) {
            cluster.send(Incarnation.NONE, owner.self, () -> owner.step(() -> owner.excuse(grant, excused)));
        }
        next("run", List.of(new Change.SlotChanged(slot, new SlotState.Running(offered.owner(), offered.epoch()))));
    }

    void drainSomething() {
        SlotId slot = new SlotId(ToyCluster.SERVICE, 1 + cluster.random.nextInt(ToyCluster.SLOTS));
        Incarnation target = anyLeased();
        if (view().slot(slot) instanceof SlotState.Running running
                && target != null
                && !target.equals(running.owner())) {
            next(
                    "drain",
                    List.of(new Change.SlotChanged(
                            slot, new SlotState.Draining(running.owner(), running.epoch(), target))));
        }
    }
}
