package dev.berth.lab.sim.check;

import dev.berth.core.audit.Answers;
import dev.berth.core.audit.Count;
import dev.berth.core.audit.Finding;
import dev.berth.core.audit.Invariant;
import dev.berth.core.audit.ViewHistory;
import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.JournalEntry;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.lab.sim.kernel.Agenda;
import dev.berth.lab.sim.store.Store;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
    private final Answers answers = new Answers(this::found);
    private final Map<OperationId, Answers.Asked> additions = new LinkedHashMap<>();
    private final Set<Grant> doubtful = new TreeSet<>();
    private boolean fromOutsideOnly;

    public Checks(Agenda agenda, View first) {
        this.agenda = agenda;
        history = new History(first, new ViewHistory(this::found), this::foundInside);
        messages = new Messages(history);
    }

    /** With a measure taken away on purpose, only the invariant that it protects is to be heard. */
    public void mute(Invariant invariant) {
        muted.add(invariant);
    }

    /** Only what real runs see as well is checked from now on. */
    public void fromOutsideOnly() {
        fromOutsideOnly = true;
    }

    public History history() {
        return history;
    }

    public Store.Witness storeWitness() {
        return effects;
    }

    /** After every event. */
    public void afterEvent() {
        if (!fromOutsideOnly) {
            slots.check();
            keys.check();
        }
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
        history.termWritten(term, takeOver);
    }

    public void takenOver(JournalEntry entry) {
        history.takenOver(entry);
    }

    public void viewWritten(View view, JournalEntry entry) {
        history.viewWritten(view, entry);
    }

    public void installed(Actor actor, View view, long before) {
        history.installed(actor, view, before);
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
        if (isHeard(Invariant.I6) && !book.holds(actor) && !book.isExcused(actor)) {
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

    /** A slot begins to do what a call asks for. */
    public void handles(Actor by, Grant grant) {
        if (book.isExcused(by)) {
            doubtful.add(grant);
        }
    }

    /** A node is about to ask for an addition, perhaps once more; without an operation, for the number alone. */
    public Answers.Asked asked(Actor by, SlotId slot, int key, @Nullable OperationId operation) {
        String number = Integer.toString(key);
        if (operation == null) {
            return answers.reads(agenda.now(), by.name(), slot, number);
        }
        Answers.Asked before = additions.get(operation);
        if (before != null) {
            return answers.again(agenda.now(), by.name(), before);
        }
        Answers.Asked first = answers.adds(agenda.now(), by.name(), slot, number);
        additions.put(operation, first);
        return first;
    }

    // That a call was refused is not reported: it may have been the second for its operation, and the first was done.

    /** The answer has come. What a node with a stopped clock says, nobody can know to be wrong. */
    public void answered(SlotId slot, Answers.Asked asked, Count count) {
        if (!doubtful.contains(new Grant(slot, count.epoch()))) {
            answers.answered(agenda.now(), asked, count);
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
        if (isHeard(invariant)) {
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
        answers.compare(
                agenda.now(),
                "the store",
                (slot, number) -> store.entry(slot, Integer.parseInt(number)).value());
    }

    /** What real runs see as well. */
    private void found(Finding finding) {
        if (!muted.contains(finding.invariant())) {
            throw new Violation(finding.invariant(), finding.words());
        }
    }

    private void foundInside(Finding finding) {
        if (isHeard(finding.invariant())) {
            throw new Violation(finding.invariant(), finding.words());
        }
    }

    private boolean isHeard(Invariant invariant) {
        return !fromOutsideOnly && !muted.contains(invariant);
    }

    private void guard(Runnable check) {
        try {
            check.run();
        } catch (Violation violation) {
            if (isHeard(violation.invariant())) {
                throw violation;
            }
        }
    }
}
