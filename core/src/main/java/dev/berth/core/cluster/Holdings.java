package dev.berth.core.cluster;

import dev.berth.core.cluster.Holding.Stage;
import dev.berth.core.machine.Outbox;
import java.util.Iterator;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

// The member's slots, one Holding each, driven by installed views, by the store and by the application (rules
// 18-21). A new epoch of a slot is always a new Holding: what is known under the old one is dropped, so nothing
// stale can be served.

/** The slots of one member. One thread: the member's. */
final class Holdings {
    private final Timings timings;
    private final TreeMap<SlotId, Holding> bySlot = new TreeMap<>();
    private Incarnation self = Incarnation.NONE;
    /** Every slot serves and every {@code run} has returned: there is nothing to do until something happens. */
    private boolean settled = true;

    Holdings(Timings timings) {
        this.timings = timings;
    }

    void ownedBy(Incarnation incarnation) {
        self = incarnation;
    }

    @Nullable
    Holding at(Grant grant) {
        Holding holding = bySlot.get(grant.slot());
        return holding != null && holding.grant.equals(grant) ? holding : null;
    }

    Iterable<Holding> all() {
        return bySlot.values();
    }

    /** Takes over what an installed view says of one slot. */
    void follow(long nowNanos, View view, SlotId slot, Outbox<MemberAction> out) {
        SlotState state = view.slot(slot);
        Service service = view.service(slot.service());
        if (state == null || service == null || !state.owner().equals(self)) {
            drop(slot, "the view gives it to " + (state == null ? "nobody" : state), out);
            if (state instanceof SlotState.Draining draining
                    && draining.target().equals(self)) {
                out.add(new MemberAction.Preload(new Grant(slot, draining.epoch())));
            }
            return;
        }
        Grant grant = new Grant(slot, state.epoch());
        Holding holding = at(grant);
        if (holding == null) {
            drop(slot, "the view renews the grant", out);
            holding = new Holding(grant, service.plan().capacity(), state instanceof SlotState.Offered);
            bySlot.put(slot, holding);
        }
        settled = false;
        switch (state) {
            case SlotState.Offered _ -> {}
            case SlotState.Running _ -> run(view.number(), holding, out);
            case SlotState.Draining _ -> drain(nowNanos, holding, out);
            case SlotState.Free _, SlotState.Parked _ ->
                throw new IllegalStateException(slot + " has an owner and is " + state);
        }
    }

    private void run(long viewNumber, Holding holding, Outbox<MemberAction> out) {
        if (holding.runView == 0) {
            holding.runView = viewNumber;
        }
        if (holding.at(Stage.PREPARED)) {
            serve(holding, out);
        }
    }

    private void serve(Holding holding, Outbox<MemberAction> out) {
        holding.stage = Stage.SERVING;
        note(holding, "SERVING", out);
        out.add(new MemberAction.Serve(holding.grant));
    }

    private void drain(long nowNanos, Holding holding, Outbox<MemberAction> out) {
        if (holding.at(Stage.SERVING)) {
            holding.stage = Stage.QUIESCING;
            holding.drainUntilNanos = nowNanos + timings.drainNanos();
            note(holding, "QUIESCING", out);
            out.add(new MemberAction.Quiesce(holding.grant));
        } else if (holding.stage.compareTo(Stage.SERVING) < 0) {
            // It has never served under this epoch, so there is nothing to finish or flush. But it may have spoken
            // under the one before, in a drain that was abandoned: what it said then is still waited for (rules
            // 19, 21).
            holding.stage = Stage.MARKING;
            holding.drainUntilNanos = nowNanos + timings.drainNanos();
            out.add(new MemberAction.Mark(holding.grant));
        }
    }

    private void release(Holding holding, Outbox<MemberAction> out) {
        holding.stage = Stage.RELEASED;
        note(holding, "RELEASED", out);
    }

    /** Does what may be done now: fences under a lease, loads what is fenced and up, gives up drains that take too long. */
    void proceed(long nowNanos, boolean mayAct, long closed, Outbox<MemberAction> out) {
        if (settled) {
            return;
        }
        settled = true;
        for (Holding holding : bySlot.values()) {
            settled &= holding.at(Stage.SERVING) && holding.runDone;
            if (mayAct && holding.at(Stage.FENCING) && !holding.asked) {
                holding.asked = true;
                out.add(new MemberAction.Fence(holding.grant));
            }
            if (mayAct && holding.at(Stage.FENCED) && (!holding.offered || upIs(holding, closed))) {
                holding.stage = Stage.LOADING;
                note(holding, holding.offered ? "UP" : "HANDED_OVER", out);
                out.add(new MemberAction.Load(holding.grant, holding.capacity));
            }
            if (holding.runView != 0 && !holding.runDone && holding.at(Stage.SERVING) && closed >= holding.runView) {
                holding.runDone = true;
                out.add(new MemberAction.RunDone(holding.grant));
            }
            if (draining(holding) && nowNanos >= holding.drainUntilNanos && !holding.drainRefused) {
                holding.drainRefused = true;
                holding.cause = "did not finish within the drain's deadline while " + holding.stage;
                note(holding, "DRAIN_ABANDONED cause=" + holding.cause, out);
            }
        }
    }

    /** Rule 18: the barrier of the grant has closed. */
    private static boolean upIs(Holding holding, long closed) {
        return closed >= holding.grant.epoch();
    }

    private static boolean draining(Holding holding) {
        return holding.stage.compareTo(Stage.QUIESCING) >= 0 && holding.stage.compareTo(Stage.RELEASED) < 0;
    }

    /** When {@link #proceed} has something to do by the clock alone. */
    long nextWakeNanos() {
        long next = Long.MAX_VALUE;
        if (settled) {
            return next;
        }
        for (Holding holding : bySlot.values()) {
            if (draining(holding) && !holding.drainRefused) {
                next = Math.min(next, holding.drainUntilNanos);
            }
        }
        return next;
    }

    void fenced(Grant grant) {
        Holding holding = at(grant);
        if (holding != null && holding.at(Stage.FENCING)) {
            holding.stage = Stage.FENCED;
        }
    }

    void loaded(Grant grant, Outbox<MemberAction> out) {
        Holding holding = at(grant);
        if (holding == null || !holding.at(Stage.LOADING)) {
            return;
        }
        if (holding.runView != 0) {
            serve(holding, out);
        } else {
            holding.stage = Stage.PREPARED;
            note(holding, "PREPARED", out);
        }
    }

    /**
     * The slot cannot be brought to serve here.
     *
     * @param storedEpoch the epoch by which the store refused the fence, or 0
     */
    void fail(Grant grant, String cause, long storedEpoch, Outbox<MemberAction> out) {
        Holding holding = at(grant);
        if (holding != null && holding.stage.compareTo(Stage.SERVING) < 0) {
            holding.stage = Stage.GIVEN_UP;
            holding.cause = cause;
            holding.storedEpoch = storedEpoch;
            note(holding, "GIVEN_UP cause=" + cause, out);
            out.add(new MemberAction.Drop(grant, cause));
        }
    }

    void quiesced(Grant grant, Outbox<MemberAction> out) {
        step(grant, Stage.QUIESCING, Stage.FLUSHING, new MemberAction.Flush(grant), out);
    }

    void flushed(Grant grant, Outbox<MemberAction> out) {
        step(grant, Stage.FLUSHING, Stage.MARKING, new MemberAction.Mark(grant), out);
    }

    void marked(Grant grant, Outbox<MemberAction> out) {
        Holding holding = at(grant);
        if (holding != null && holding.at(Stage.MARKING) && !holding.drainRefused) {
            release(holding, out);
        }
    }

    private void step(Grant grant, Stage from, Stage to, MemberAction action, Outbox<MemberAction> out) {
        Holding holding = at(grant);
        if (holding != null && holding.at(from)) {
            holding.stage = to;
            out.add(action);
        }
    }

    /** What the master must be told about each slot, again and again until a view shows that it has heard. */
    void report(Outbox<ClusterMessage.ToMaster> out) {
        if (!settled) {
            bySlot.values().forEach(holding -> report(holding, out));
        }
    }

    /** The same, but only what has not been told yet. */
    void reportNews(Outbox<ClusterMessage.ToMaster> out) {
        if (settled) {
            return;
        }
        for (Holding holding : bySlot.values()) {
            if (holding.news) {
                holding.news = false;
                report(holding, out);
            }
        }
    }

    private void report(Holding holding, Outbox<ClusterMessage.ToMaster> out) {
        SlotId slot = holding.grant.slot();
        long epoch = holding.grant.epoch();
        if (holding.at(Stage.PREPARED)) {
            out.add(new ClusterMessage.Prepared(self, slot, epoch));
        } else if (holding.at(Stage.RELEASED)) {
            out.add(new ClusterMessage.Released(self, slot, epoch));
        } else if (holding.at(Stage.GIVEN_UP)) {
            out.add(new ClusterMessage.GivenUp(self, slot, epoch, holding.cause, holding.storedEpoch));
        } else if (holding.drainRefused) {
            out.add(new ClusterMessage.DrainAbandoned(self, slot, epoch, holding.cause));
        }
    }

    private void drop(SlotId slot, String cause, Outbox<MemberAction> out) {
        Holding holding = bySlot.remove(slot);
        if (holding != null && !holding.at(Stage.GIVEN_UP)) {
            note(holding, "DROPPED cause=" + cause, out);
            out.add(new MemberAction.Drop(holding.grant, cause));
        }
    }

    /** Every slot at once: the node is expelled or stops. */
    void dropAll(String cause, Outbox<MemberAction> out) {
        Iterator<Holding> each = bySlot.values().iterator();
        while (each.hasNext()) {
            Holding holding = each.next();
            each.remove();
            out.add(new MemberAction.Drop(holding.grant, cause));
        }
    }

    private void note(Holding holding, String state, Outbox<MemberAction> out) {
        holding.news = true;
        out.add(new MemberAction.Note(
                "slot " + holding.grant.slot() + " " + state + " at " + self + " epoch=" + holding.grant.epoch()));
    }
}
