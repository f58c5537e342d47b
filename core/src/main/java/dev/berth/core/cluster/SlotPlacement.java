package dev.berth.core.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Places the slots of a plain service, one by one, on whoever has the fewest. Confined to one plan. */
final class SlotPlacement extends Placement {
    /** A slot by number and what the base view says of it. */
    private record Unit(int number, SlotState state) {}

    private final List<Unit> vacant = new ArrayList<>();
    private final List<Unit> abandoned = new ArrayList<>();
    private final List<Unit> onDrainingMembers = new ArrayList<>();

    SlotPlacement(PlanDraft draft, Service service, Bench bench) {
        super(draft, service, bench);
        service.forEachUnit((i, state) -> count(i + 1, state));
    }

    private void count(int slot, SlotState state) {
        Unit unit = new Unit(slot, state);
        switch (state) {
            case SlotState.Parked _ -> {}
            case SlotState.Free _ -> vacant.add(unit);
            case SlotState.Draining draining -> countDraining(unit, draining);
            case SlotState.Offered _, SlotState.Running _ -> countOwned(unit);
        }
    }

    private void countOwned(Unit unit) {
        Incarnation owner = unit.state().owner();
        if (!draft.view().lists(owner)) {
            vacant.add(unit);
            return;
        }
        take(owner);
        if (draft.isDraining(owner)) {
            onDrainingMembers.add(unit);
        }
    }

    // The target's reservation outlives the owner: whoever has preloaded a slot is the first to get it.
    private void countDraining(Unit unit, SlotState.Draining draining) {
        boolean ownerStays = draft.view().lists(draining.owner());
        boolean targetStays = draft.view().lists(draining.target());
        if (!ownerStays) {
            vacant.add(unit);
            take(draining.target());
        } else if (!targetStays) {
            abandoned.add(unit);
            take(draining.owner());
        } else {
            draft.noteDrain();
            take(draining.target());
            Seat owner = bench.seat(draining.owner());
            if (owner != null) {
                owner.keepLeaving();
            }
        }
    }

    private void take(Incarnation owner) {
        Seat seat = bench.seat(owner);
        if (seat != null) {
            seat.take();
        }
    }

    @Override
    int wanting() {
        long offerable = vacant.stream()
                .filter(unit -> failures(unit.state()) < FAILURES_MAX && reservedFor(unit.state()) == null)
                .count();
        return (int) offerable + onDrainingMembers.size();
    }

    @Override
    void settle() {
        for (Unit unit : abandoned) {
            abandon(unit.number(), (SlotState.Draining) unit.state());
        }
        if (!vacant.isEmpty()) {
            bench.lineUp();
        }
        for (Unit unit : vacant) {
            grant(unit.number(), unit.state(), nextOwner(unit.state()));
        }
    }

    private @Nullable Incarnation nextOwner(SlotState lost) {
        Incarnation reserved = reservedFor(lost);
        if (reserved != null || failures(lost) >= FAILURES_MAX) {
            return reserved;
        }
        Seat seat = bench.deal(failures(lost));
        return seat == null ? null : seat.owner();
    }

    private @Nullable Incarnation reservedFor(SlotState lost) {
        return lost instanceof SlotState.Draining draining && bench.seat(draining.target()) != null
                ? draining.target()
                : null;
    }

    @Override
    void evacuate() {
        if (onDrainingMembers.isEmpty() || !draft.mayDrain()) {
            return;
        }
        bench.lineUp();
        for (Unit unit : onDrainingMembers) {
            boolean movable = draft.mayDrain() && !draft.rests(id(unit.number()));
            if (movable && unit.state() instanceof SlotState.Running running) {
                Seat target = bench.dealLively();
                if (target == null) {
                    return;
                }
                drain(unit.number(), running, target.owner());
            }
        }
    }

    @Override
    void bringHome() {}

    // The moves are planned by shares, and those that cannot begin yet (the slot is still offered or rests, the
    // target is quiet or still holds what leaves it) are left to a later view: beginning others in their place
    // would move more than is needed.
    @Override
    void level() {
        if (!service.plan().rebalance() || !draft.mayDrain() || bench.isLevel()) {
            return;
        }
        TreeMap<Incarnation, ArrayDeque<Unit>> runningAt = new TreeMap<>();
        service.forEachUnit((i, state) -> {
            boolean movable = state instanceof SlotState.Running && !draft.rests(id(i + 1));
            if (movable && bench.seat(state.owner()) != null) {
                runningAt
                        .computeIfAbsent(state.owner(), _ -> new ArrayDeque<>())
                        .addLast(new Unit(i + 1, state));
            }
        });
        bench.level((from, to) -> {
            ArrayDeque<Unit> units = runningAt.get(from.owner());
            if (units != null && !units.isEmpty() && to.room() > 0 && !to.isQuiet()) {
                Unit unit = units.removeLast();
                to.expect();
                drain(unit.number(), (SlotState.Running) unit.state(), to.owner());
            }
            return draft.mayDrain();
        });
    }
}
