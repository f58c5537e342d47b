package dev.berth.core.cluster;

import org.jspecify.annotations.Nullable;

/** One service's part of a plan. It counts when it is made; each step then adds its changes to the draft. Confined to one plan. */
abstract sealed class Placement permits SlotPlacement, BucketPlacement {
    /** So many owners in a row may give a unit up before it waits for an operator. */
    static final int FAILURES_MAX = 3;

    static final String PARKED_CAUSE = "given up by " + FAILURES_MAX + " owners";

    final PlanDraft draft;
    final Service service;
    final Bench bench;

    Placement(PlanDraft draft, Service service, Bench bench) {
        this.draft = draft;
        this.service = service;
        this.bench = bench;
    }

    static Placement of(PlanDraft draft, Service service, Bench bench) {
        return service.plan().isBucketed()
                ? new BucketPlacement(draft, service, bench)
                : new SlotPlacement(draft, service, bench);
    }

    /** How many shares (slots) wait for an owner, or for another one because theirs is being drained. */
    abstract int wanting();

    /** Step 1: owners for what has none, and an end to drains whose target is gone. Costs nobody anything, so no limit. */
    abstract void settle();

    /** Step 2: drains away from members that are to be empty. */
    abstract void evacuate();

    /** Step 3: drains of buckets to the homes of their slots. */
    abstract void bringHome();

    /** Step 4: drains from members that have more to members that have less. */
    abstract void level();

    SlotId id(int unit) {
        return new SlotId(service.name(), unit);
    }

    /** The state of a unit in the next view if nobody can take it. */
    static SlotState ownerless(SlotState lost) {
        int failures = failures(lost);
        return failures >= FAILURES_MAX ? new SlotState.Parked(PARKED_CAUSE, 0) : new SlotState.Free(failures);
    }

    static int failures(SlotState state) {
        return switch (state) {
            case SlotState.Free free -> free.failures();
            case SlotState.Offered offered -> offered.failures();
            case SlotState.Running _, SlotState.Draining _, SlotState.Parked _ -> 0;
        };
    }

    void grant(int unit, SlotState lost, @Nullable Incarnation owner) {
        SlotState next = owner == null ? ownerless(lost) : new SlotState.Offered(owner, draft.epoch(), failures(lost));
        if (!next.equals(lost)) {
            draft.set(id(unit), next);
        }
    }

    /** Rule 21: the owner fences again, under a new epoch, because the target may have fenced. */
    void abandon(int unit, SlotState.Draining draining) {
        draft.set(id(unit), new SlotState.Running(draining.owner(), draft.epoch()));
    }

    void drain(int unit, SlotState.Running running, Incarnation target) {
        draft.drain(id(unit), new SlotState.Draining(running.owner(), running.epoch(), target));
    }
}
