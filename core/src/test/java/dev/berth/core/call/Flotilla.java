package dev.berth.core.call;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.machine.Backoff;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

// Several nodes, complete but for lease and master, under one virtual clock: views reach each node in order and at its
// own pace, bytes travel in order and slowly, connections break. The master is played by the test: it expels only who
// cannot act any more, and lets an heir run only after the barrier.

/** A small sea: the time, the views, the nodes, and what happened. */
final class Flotilla {
    static final long MILLI = 1_000_000L;
    static final long POLL = 5 * MILLI;

    /** What is changed for a run: bounds, and the safety measures that are in place. */
    record Rig(
            CallLimits calls,
            AdmissionLimits admission,
            Function<LongPredicate, Judge> judge,
            Supplier<MarkSet> marks) {
        static final Rig SOUND = new Rig(
                new CallLimits(4_096, 4_096, new Backoff(MILLI, 16 * MILLI), POLL),
                new AdmissionLimits(4_096, 4_096, MILLI, POLL),
                Judge::new,
                MarkSet::new);

        Rig with(Supplier<MarkSet> other) {
            return new Rig(calls, admission, judge, other);
        }

        Rig with(Function<LongPredicate, Judge> other) {
            return new Rig(calls, admission, other, marks);
        }
    }

    private record Task(long at, long order, Runnable run) {}

    final Rig rig;
    final SplittableRandom random;
    final Harbor harbor = new Harbor();
    final List<View> views = new ArrayList<>();
    final TreeMap<Incarnation, Vessel> vessels = new TreeMap<>();
    final Logbook log = new Logbook(this);
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
    private long order;
    long now;
    long delayMax = 10 * MILLI;
    long floor;

    Flotilla(Rig rig, long seed) {
        this.rig = rig;
        this.random = new SplittableRandom(seed);
        views.add(harbor.view());
    }

    void in(long delay, Runnable run) {
        tasks.add(new Task(now + delay, order++, run));
    }

    long someDelay() {
        return random.nextLong(1, delayMax);
    }

    void runUntil(long end) {
        for (Task task = tasks.peek(); task != null && task.at() <= end; task = tasks.peek()) {
            tasks.remove();
            now = task.at();
            task.run().run();
        }
        now = end;
    }

    void runFor(long nanos) {
        runUntil(now + nanos);
    }

    Vessel join(int node) {
        Incarnation self = harbor.join(node);
        Vessel vessel = new Vessel(this, self, harbor.view());
        vessels.put(self, vessel);
        publish();
        return vessel;
    }

    /** The newest views are on their way to everybody. */
    void publish() {
        for (long known = views.getLast().number(); known < harbor.view().number(); known++) {
            views.add(harbor.view());
        }
        vessels.values().forEach(Vessel::fetch);
    }

    View durable() {
        return harbor.view();
    }

    Vessel vessel(Incarnation life) {
        Vessel vessel = vessels.get(life);
        if (vessel == null) {
            throw new IllegalArgumentException("no " + life);
        }
        return vessel;
    }

    Grant run(int slot, Vessel owner) {
        Grant grant = harbor.run(slot, owner.self);
        publish();
        return grant;
    }

    void drain(Grant grant, Vessel target) {
        harbor.drain(grant, target.self);
        publish();
    }

    /** The slot's last owner has stopped, flushed and been marked everywhere (rule 20). */
    void released(Grant grant) {
        if (harbor.view().slot(grant.slot()) instanceof SlotState.Draining draining
                && draining.epoch() == grant.epoch()
                && harbor.view().lists(draining.target())) {
            run(grant.slot().number(), vessel(draining.target()));
        }
    }

    /** Rules 5 to 8: nothing of the node is leased; its slots go to the heir and run after the barrier. */
    void replace(Vessel lost, Vessel heir) {
        lost.doom();
        View before = harbor.view();
        harbor.expel(lost.self);
        List<Grant> grants = new ArrayList<>();
        Harbor.role(before).forEachUnit((i, state) -> {
            if (state.owner().equals(lost.self)) {
                grants.add(harbor.offer(i + 1, heir.self));
            } else if (state instanceof SlotState.Draining draining
                    && draining.target().equals(lost.self)) {
                harbor.run(i + 1, draining.owner());
            }
        });
        publish();
        long barrier = harbor.view().number();
        awaitBarrier(barrier, () -> {
            log.up(lost.self, grants);
            grants.stream().filter(this::isOffered).forEach(harbor::prepared);
            publish();
        });
    }

    private boolean isOffered(Grant grant) {
        return harbor.view().slot(grant.slot()) instanceof SlotState.Offered offered
                && offered.epoch() == grant.epoch();
    }

    /** Who cannot act is excused, and must catch up before it may act again. */
    private void awaitBarrier(long barrier, Runnable then) {
        boolean closed = vessels.values().stream()
                .allMatch(v -> !harbor.view().lists(v.self) || !v.mayAct() || v.table.number() >= barrier);
        if (closed) {
            floor = Math.max(floor, barrier);
            then.run();
        } else {
            in(MILLI, () -> awaitBarrier(barrier, then));
        }
    }

    /** With this probability a handler ends by sending something on behalf of its slot. */
    double chatter;

    void afterHandler(Vessel vessel, Dispatch dispatch) {
        if (random.nextDouble() < chatter) {
            Grant from = Crew.to(dispatch);
            vessel.submit(Request.toSlot(
                            1_000 + from.slot().number(), slot(random.nextInt(1, 5)), now + 400 * MILLI, log.nextBody())
                    .asOneWay()
                    .onBehalfOf(from));
        }
    }

    static SlotId slot(int number) {
        return Harbor.slot(number);
    }
}
