package dev.berth.core.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

// What is balanced is where the slots live: their homes. A home is chosen at once and costs nothing; the buckets of
// the slot then follow it one drain at a time, and the ones without an owner are offered there directly.

/** Places the buckets of a bucketed service at the homes of their slots. Confined to one plan. */
final class BucketPlacement extends Placement {
    /** A bucket that runs elsewhere than at the home of its slot. */
    private record Stray(int bucket, SlotState.Running state, Incarnation home) {}

    private final Incarnation[] homes;
    private final List<Stray> strays = new ArrayList<>();
    private int homeless;

    BucketPlacement(PlanDraft draft, Service service, Bench bench) {
        super(draft, service, bench);
        homes = new Incarnation[service.plan().capacity() + 1];
        for (int slot = 1; slot < homes.length; slot++) {
            homes[slot] = service.home(slot);
            Seat seat = bench.seat(homes[slot]);
            if (seat != null) {
                seat.take();
            } else if (wantsHome(slot)) {
                homeless++;
            }
        }
        service.forEachUnit((_, state) -> {
            if (drainGoesOn(state)) {
                draft.noteDrain();
            }
        });
    }

    /** A member that is merely silent keeps its slots; one that is gone, or is to be empty, does not. */
    private boolean wantsHome(int slot) {
        return !draft.view().lists(homes[slot]) || draft.isDraining(homes[slot]);
    }

    private boolean drainGoesOn(SlotState state) {
        return state instanceof SlotState.Draining draining
                && draft.view().lists(draining.owner())
                && draft.view().lists(draining.target());
    }

    @Override
    int wanting() {
        return homeless;
    }

    @Override
    void settle() {
        if (homeless > 0) {
            chooseHomes();
        }
        if (service.plan().rebalance()) {
            levelHomes();
        }
        for (int slot = 1; slot < homes.length; slot++) {
            if (!homes[slot].equals(service.home(slot))) {
                draft.add(new Change.HomeChosen(id(slot), homes[slot]));
            }
        }
        service.forEachUnit((i, state) -> settle(i + 1, state));
    }

    private void chooseHomes() {
        bench.lineUp();
        for (int slot = 1; slot < homes.length; slot++) {
            if (wantsHome(slot)) {
                Seat seat = bench.deal(0);
                if (seat != null) {
                    homes[slot] = seat.owner();
                } else if (!draft.view().lists(homes[slot])) {
                    homes[slot] = Incarnation.NONE;
                }
            }
        }
    }

    private void levelHomes() {
        if (bench.isLevel()) {
            return;
        }
        TreeMap<Incarnation, ArrayDeque<Integer>> slots = new TreeMap<>();
        for (int slot = 1; slot < homes.length; slot++) {
            slots.computeIfAbsent(homes[slot], _ -> new ArrayDeque<>()).addLast(slot);
        }
        bench.level((from, to) -> {
            // Whoever gives never takes, so what it gives it had before.
            ArrayDeque<Integer> given = Objects.requireNonNull(slots.get(from.owner()));
            homes[given.removeLast()] = to.owner();
            return true;
        });
    }

    private void settle(int bucket, SlotState state) {
        if (state instanceof SlotState.Parked) {
            return;
        }
        Incarnation home = willingHome(bucket);
        if (!draft.view().lists(state.owner())) {
            grant(bucket, state, failures(state) >= FAILURES_MAX ? null : home);
        } else if (state instanceof SlotState.Draining draining && !drainGoesOn(state)) {
            abandon(bucket, draining);
        } else if (state instanceof SlotState.Running running && home != null && !home.equals(running.owner())) {
            strays.add(new Stray(bucket, running, home));
        }
    }

    /** The home of the bucket's slot, if it is one that may be given something; else null. */
    private @Nullable Incarnation willingHome(int bucket) {
        Incarnation home = homes[service.slotOf(bucket)];
        return bench.seat(home) == null ? null : home;
    }

    @Override
    void evacuate() {
        drainHome(draft::isDraining);
    }

    // A silent owner could not answer a drain, so only candidates are asked to give something away.
    @Override
    void bringHome() {
        drainHome(owner -> bench.seat(owner) != null);
    }

    private void drainHome(Predicate<Incarnation> owners) {
        for (Stray stray : strays) {
            Seat home = bench.seat(stray.home());
            boolean movable = draft.mayDrain() && !draft.rests(id(stray.bucket())) && home != null && !home.isQuiet();
            if (movable && owners.test(stray.state().owner())) {
                drain(stray.bucket(), stray.state(), stray.home());
            }
        }
    }

    @Override
    void level() {}
}
