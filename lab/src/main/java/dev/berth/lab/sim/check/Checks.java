package dev.berth.lab.sim.check;

import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.lab.sim.kernel.Agenda;
import dev.berth.lab.sim.store.Store;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** All invariants of one world. Shells report what they do; a violation is thrown where it comes about. One thread. */
public final class Checks {
    private final Agenda agenda;
    private final Set<Invariant> muted = EnumSet.noneOf(Invariant.class);
    private final LeaseBook book = new LeaseBook();
    private final Exclusive<SlotId> slots = new Exclusive<>(Invariant.I1, book);
    private final Exclusive<String> keys = new Exclusive<>(Invariant.REGISTRY, book);
    private final History history;
    private final Messages messages;
    private final Order order = new Order();
    private final Effects effects = new Effects();
    private final Handovers handovers = new Handovers();

    public Checks(Agenda agenda, View first) {
        this.agenda = agenda;
        history = new History(first);
        messages = new Messages(history);
    }

    /** With a measure taken away on purpose, only the invariant that it protects is to be heard. */
    public void mute(Invariant invariant) {
        muted.add(invariant);
    }

    public History history() {
        return history;
    }

    public Store.Witness storeWitness() {
        return effects;
    }

    /** After every event. */
    public void afterEvent() {
        slots.check();
        keys.check();
    }

    public void beatSent(Actor actor, long seq) {
        book.beatSent(actor, seq, agenda.now());
    }

    public void leaseHeard(Actor actor, long seq, long leaseNanos) {
        book.leaseHeard(actor, seq, leaseNanos);
        extended(actor);
    }

    public void touchSent(Actor actor) {
        book.touchSent(actor, agenda.now());
    }

    public void touched(Actor actor, long leaseNanos) {
        book.touched(actor, leaseNanos);
        extended(actor);
    }

    private void extended(Actor actor) {
        slots.extended(actor);
        keys.extended(actor);
    }

    public void termWritten(long term, boolean takeOver) {
        guard(() -> history.termWritten(term, takeOver));
    }

    public void viewWritten(View view) {
        guard(() -> history.viewWritten(view));
    }

    public void installed(Actor actor, View view, long before) {
        guard(() -> history.installed(actor, view, before));
        order.applied(actor, before, view.number());
    }

    public void serves(Actor actor, Grant grant) {
        slots.holds(actor, grant.slot(), grant, () -> true);
    }

    public void stops(Actor actor, Grant grant) {
        slots.lets(actor, grant.slot(), grant);
    }

    public void ended(Actor actor) {
        slots.ended(actor);
        keys.ended(actor);
        order.ended(actor);
    }

    /** The registry has confirmed that a process of the actor holds the key; {@code still} says whether it still believes so. */
    public void confirmed(Actor actor, String key, long handle, BooleanSupplier still) {
        keys.holds(actor, key, handle, still);
    }

    public void letGo(Actor actor, String key, long handle) {
        keys.lets(actor, key, handle);
    }

    /** {@code up} has returned at an owner: it is about to load. */
    public void upReturned(Actor actor, Grant grant) {
        View granting = history.view(grant.epoch());
        SlotState then = granting == null ? null : granting.slot(grant.slot());
        boolean afterBarrier = then instanceof SlotState.Offered;
        messages.upReturned(actor.self(), grant, afterBarrier);
        if (afterBarrier) {
            guard(() -> order.returned("up of " + grant, actor, grant.epoch(), book));
        }
    }

    public void runReturned(Actor actor, Grant grant) {
        long view = history.runningSince(grant.slot());
        View newest = history.newest();
        SlotState state = newest.slot(grant.slot());
        if (state != null && state.epoch() == grant.epoch()) {
            guard(() -> order.returned("run of " + grant, actor, view, book));
        }
    }

    /** The actor has just passed its lease check and does something by that right. */
    public void acts(Actor actor, String what) {
        if (!muted.contains(Invariant.I6) && !book.holds(actor) && !book.isExcused(actor)) {
            throw new Violation(
                    Invariant.I6,
                    actor.name() + " does \"" + what + "\" at " + actor.host().monotonic()
                            + "ns of its clock; its lease ended at " + book.untilLocal(actor) + "ns");
        }
    }

    public void admitted(Actor by, Incarnation sender, @Nullable Grant from, String what) {
        if (!book.isExcused(by)) {
            guard(() -> messages.admitted(by, sender, from, what));
        }
    }

    public void addressed(Actor by, Incarnation target, String what) {
        if (!book.isExcused(by)) {
            guard(() -> messages.addressed(by, target, what));
        }
    }

    public void acknowledged(Store store, String caller, SlotId slot, int key, OperationId operation) {
        guard(() -> effects.acknowledged(store, caller, slot, key, operation));
    }

    /** A drained slot gives its last word; {@code effects} is all that it had done. */
    public void released(Grant grant, long effects) {
        handovers.released(grant, effects);
    }

    /** An owner has loaded a slot and finds so many effects. */
    public void loaded(Grant grant, long effects) {
        guard(() -> handovers.loaded(grant, effects));
    }

    public int acknowledgedCount() {
        return effects.count();
    }

    public void broken(String who, RuntimeException cause) {
        fail(Invariant.MACHINE, who + ": " + cause, cause);
    }

    public void fail(Invariant invariant, String sentence, @Nullable Throwable cause) {
        if (!muted.contains(invariant)) {
            Violation violation = new Violation(invariant, sentence);
            if (cause != null) {
                violation.initCause(cause);
            }
            throw violation;
        }
    }

    public boolean isServed(SlotId slot) {
        return slots.isHeld(slot);
    }

    /** After everything. */
    public void atTheEnd(Store store) {
        guard(() -> effects.checkAll(store));
    }

    private void guard(Runnable check) {
        try {
            check.run();
        } catch (Violation violation) {
            if (!muted.contains(violation.invariant())) {
                throw violation;
            }
        }
    }
}
