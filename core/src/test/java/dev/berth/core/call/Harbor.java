package dev.berth.core.call;

import dev.berth.core.cluster.Change;
import dev.berth.core.cluster.Delta;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.cluster.Nonce;
import dev.berth.core.cluster.Service;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import java.util.List;
import java.util.Objects;

/** A cluster's views, one after the other, with the slots of one plain service "role". */
final class Harbor {
    static final int CAPACITY = 8;

    private View view = View.empty(5_000_000_000L);

    Harbor() {
        next(new Change.ServicePlanned(ServicePlan.plain("role", CAPACITY)));
    }

    static SlotId slot(int number) {
        return new SlotId("role", number);
    }

    View view() {
        return view;
    }

    View next(Change... changes) {
        view = view.apply(new Delta(view.number() + 1, "test", List.of(changes)));
        return view;
    }

    /** Lists a new life of the node. */
    Incarnation join(int node) {
        Incarnation life = new Incarnation(new NodeId(node), view.number() + 1);
        Listing listing =
                new Listing(life, "node-" + node, new Nonce(node, life.number()), List.of(), List.of(), "", false);
        next(new Change.MemberListed(listing));
        return life;
    }

    View expel(Incarnation life) {
        return next(new Change.MemberGone(life, "test"));
    }

    /** The slot runs at the node, under the epoch that is this view's number. */
    Grant run(int number, Incarnation owner) {
        long epoch = view.number() + 1;
        next(new Change.SlotChanged(slot(number), new SlotState.Running(owner, epoch)));
        return new Grant(slot(number), epoch);
    }

    Grant offer(int number, Incarnation owner) {
        long epoch = view.number() + 1;
        next(new Change.SlotChanged(slot(number), new SlotState.Offered(owner, epoch, 0)));
        return new Grant(slot(number), epoch);
    }

    /** The offered slot runs, under the epoch it was offered with. */
    View prepared(Grant grant) {
        SlotState offered = state(grant.slot());
        return next(new Change.SlotChanged(grant.slot(), new SlotState.Running(offered.owner(), grant.epoch())));
    }

    View drain(Grant grant, Incarnation target) {
        SlotState running = state(grant.slot());
        return next(
                new Change.SlotChanged(grant.slot(), new SlotState.Draining(running.owner(), grant.epoch(), target)));
    }

    /** The one service of these views. */
    static Service role(View view) {
        return Objects.requireNonNull(view.service("role"));
    }

    private SlotState state(SlotId slot) {
        return Objects.requireNonNull(view.slot(slot));
    }

    View free(int number) {
        return next(new Change.SlotChanged(slot(number), SlotState.Free.CLEAN));
    }
}
