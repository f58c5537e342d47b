package dev.berth.test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

// Whatever happens in the played cluster is a step of some lane: a message arrives, a write lands, a process reads
// its mailbox. Steps of one lane keep their order, as on one connection; which lane is next is drawn from the seed.
// One step at a time, so a seed plays the same piece again. Time stands still while there is a step to play, and
// then leaps to the next thing that is due.

/** Plays steps, and has the clock. Whoever drives it holds its lock. */
final class Scene {
    private static final int STEPS_MAX = 2_000_000;

    /** The test, which is no step of the scene. */
    final ReentrantLock driver = new ReentrantLock();

    final SplittableRandom random;
    private final List<Lane> ready = new ArrayList<>();
    private final PriorityQueue<Due> dues = new PriorityQueue<>();
    private long nowNanos;
    private long set;

    Scene(long seed) {
        this.random = new SplittableRandom(seed);
    }

    long nowNanos() {
        return nowNanos;
    }

    /** Steps that are played in their order. */
    final class Lane {
        private final ArrayDeque<Runnable> steps = new ArrayDeque<>();
        private final BooleanSupplier runs;

        private Lane(BooleanSupplier runs) {
            this.runs = runs;
        }

        void add(Runnable step) {
            if (steps.isEmpty()) {
                ready.add(this);
            }
            steps.add(step);
        }

        /** Some of the last ones never happen: their sender has died. */
        void cut() {
            for (int lost = random.nextInt(steps.size() + 1); lost > 0; lost--) {
                steps.removeLast();
            }
            if (steps.isEmpty()) {
                ready.remove(this);
            }
        }
    }

    /** @param runs whether its steps are played; otherwise they wait */
    Lane lane(BooleanSupplier runs) {
        return new Lane(runs);
    }

    /** Something that will be a step. */
    static final class Due implements Comparable<Due> {
        private final long nanos;
        private final long order;
        private final Lane lane;
        private final Runnable step;
        private boolean cancelled;

        private Due(long nanos, long order, Lane lane, Runnable step) {
            this.nanos = nanos;
            this.order = order;
            this.lane = lane;
            this.step = step;
        }

        void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Due other) {
            return nanos != other.nanos ? Long.compare(nanos, other.nanos) : Long.compare(order, other.order);
        }
    }

    Due after(long nanos, Lane lane, Runnable step) {
        long at = nowNanos + Math.min(Math.max(0, nanos), Long.MAX_VALUE / 2);
        Due due = new Due(at, ++set, lane, step);
        dues.add(due);
        return due;
    }

    /** False if there is none to play now. */
    boolean step() {
        List<Lane> playable =
                ready.stream().filter(lane -> lane.runs.getAsBoolean()).toList();
        if (playable.isEmpty()) {
            return false;
        }
        Lane lane = playable.get(random.nextInt(playable.size()));
        Runnable step = lane.steps.removeFirst();
        if (lane.steps.isEmpty()) {
            ready.remove(lane);
        }
        step.run();
        return true;
    }

    /** To the next thing that is due by then; false if there is none. */
    private boolean leap(long untilNanos) {
        for (Due next = dues.peek(); next != null && next.nanos <= untilNanos; next = dues.peek()) {
            dues.remove();
            if (!next.cancelled) {
                nowNanos = Math.max(nowNanos, next.nanos);
                next.lane.add(next.step);
                return true;
            }
        }
        return false;
    }

    /** Plays until that is so, however long it takes on its clock. */
    void playUntil(BooleanSupplier so) {
        for (int steps = 0; !so.getAsBoolean(); steps++) {
            if (!step() && !leap(Long.MAX_VALUE)) {
                throw new IllegalStateException("nothing happens any more, and somebody waits still");
            }
            checkEnds(steps);
        }
    }

    /** Plays all that is to happen by then. */
    void playFor(long nanos) {
        long until = nowNanos + nanos;
        for (int steps = 0; step() || leap(until); steps++) {
            checkEnds(steps);
        }
        nowNanos = until;
    }

    private static void checkEnds(int steps) {
        if (steps == STEPS_MAX) {
            throw new IllegalStateException(STEPS_MAX + " steps and no end: does something go round in a circle?");
        }
    }
}
