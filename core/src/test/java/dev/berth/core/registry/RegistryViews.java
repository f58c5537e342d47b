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
import java.util.Objects;

/** Successive views of a cluster whose registry has one slot. */
final class RegistryViews {
    static final SlotId SLOT = new SlotId("registry", 1);

    private View view = View.empty(500);

    RegistryViews() {
        next(new Change.ServicePlanned(ServicePlan.plain("registry", 1)));
    }

    View view() {
        return view;
    }

    /** The slot under its current epoch. */
    Grant grant() {
        return new Grant(SLOT, Objects.requireNonNull(view.slot(SLOT)).epoch());
    }

    View next(Change... changes) {
        view = view.apply(new Delta(view.number() + 1, "test", List.of(changes)));
        return view;
    }

    /** Admits the nodes in one view. */
    List<Incarnation> admit(int... ids) {
        List<Incarnation> lives = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        for (int id : ids) {
            Incarnation life = new Incarnation(new NodeId(id), view.number() + 1);
            lives.add(life);
            changes.add(new Change.MemberListed(
                    new Listing(life, "node" + id, new Nonce(id, 0), List.of(), List.of(), "", false)));
        }
        next(changes.toArray(Change[]::new));
        return lives;
    }

    View expel(Incarnation life) {
        return next(new Change.MemberGone(life, "lapsed"));
    }

    View offer(Incarnation owner) {
        return next(new Change.SlotChanged(SLOT, new SlotState.Offered(owner, view.number() + 1, 0)));
    }

    /** A new epoch that runs at once. */
    View run(Incarnation owner) {
        return next(new Change.SlotChanged(SLOT, new SlotState.Running(owner, view.number() + 1)));
    }
}
