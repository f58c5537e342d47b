package dev.berth.lab.bench;

import dev.berth.core.call.Outcome;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.wire.Bytes;
import dev.berth.node.audit.Witness;
import dev.berth.node.worker.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

// The gap of a slot is the longest time in which none of its callers was answered. A caller whose call ended as
// Unknown, because its owner was killed, makes the next one at once; that one waits in the agent for the new owner.

/** Callers of one slot of the demonstration's service, who feel its pulse. Any thread. */
final class Pulse implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    /** Every so many calls one writes; the others read. */
    private static final int WRITE_EVERY = 32;

    private static final long WARM_SECONDS = 60;

    private final long paceNanos;
    private final List<Witness.Questioner> questioners = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;
    // Guarded by this.
    private Ends ends = new Ends(0, 0, 0, 0, 0, 0);
    private long lastNanos = System.nanoTime();
    private long gapNanos;
    private long longestCallNanos;
    private long marked;

    /** What has happened since the last {@link #mark}. */
    record Beat(double gapMillis, double longestCallMillis, long answered) {}

    /** What has become of all calls until a moment. */
    record Ends(long atNanos, long answered, long writes, long failed, long refused, long unknown) {
        Ends since(Ends before) {
            return new Ends(
                    atNanos - before.atNanos,
                    answered - before.answered,
                    writes - before.writes,
                    failed - before.failed,
                    refused - before.refused,
                    unknown - before.unknown);
        }

        double perSecond() {
            return answered * 1e9 / atNanos;
        }
    }

    /**
     * @param callers each makes one call at a time
     * @param perSecond calls per second of all of them together
     */
    private Pulse(Node node, Witness witness, int slot, int callers, int perSecond) {
        this.paceNanos = TimeUnit.SECONDS.toNanos(callers) / perSecond;
        for (int i = 0; i < callers; i++) {
            Witness.Questioner questioner =
                    witness.questioner(node.agent(Harbor.SERVICE), new SlotId(Harbor.SERVICE, slot), "caller-" + i);
            questioners.add(questioner);
            int number = i;
            long first = System.nanoTime() + paceNanos * i / callers;
            threads.add(
                    Thread.ofVirtual().name("caller-" + slot + "-" + i).start(() -> run(questioner, number, first)));
        }
    }

    /** Starts and waits until a second's worth of calls has been answered. */
    static Pulse warm(Node node, Witness witness, int slot, int callers, int perSecond)
            throws InterruptedException, IOException {
        Pulse pulse = new Pulse(node, witness, slot, callers, perSecond);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WARM_SECONDS);
        while (pulse.ends().answered() < perSecond) {
            if (System.nanoTime() > end) {
                throw new IOException("the callers of slot " + slot + " are not answered: " + pulse.ends());
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return pulse;
    }

    private void run(Witness.Questioner questioner, int number, long firstNanos) {
        long next = firstNanos;
        try {
            for (long i = number; !over; i++) {
                long wait = next - System.nanoTime();
                if (wait > 0) {
                    LockSupport.parkNanos(wait);
                }
                boolean writes = i % WRITE_EVERY == 0;
                long sent = System.nanoTime();
                Outcome<Bytes> outcome = writes ? questioner.add(PATIENCE) : questioner.get(PATIENCE);
                long now = System.nanoTime();
                ended(outcome, writes, sent, now);
                // Who could not call in time does not make up for it.
                next = outcome instanceof Outcome.Done<Bytes> ? Math.max(next + paceNanos, now) : now;
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void ended(Outcome<Bytes> outcome, boolean wrote, long sent, long now) {
        ends = switch (outcome) {
            case Outcome.Done<Bytes> _ -> {
                gapNanos = Math.max(gapNanos, now - lastNanos);
                lastNanos = now;
                longestCallNanos = Math.max(longestCallNanos, now - sent);
                yield new Ends(
                        now, ends.answered + 1, ends.writes + (wrote ? 1 : 0), ends.failed, ends.refused, ends.unknown);
            }
            case Outcome.Failed<Bytes> _ ->
                new Ends(now, ends.answered, ends.writes, ends.failed + 1, ends.refused, ends.unknown);
            case Outcome.Refused<Bytes> _ ->
                new Ends(now, ends.answered, ends.writes, ends.failed, ends.refused + 1, ends.unknown);
            case Outcome.Unknown<Bytes> _ ->
                new Ends(now, ends.answered, ends.writes, ends.failed, ends.refused, ends.unknown + 1);
        };
    }

    /** From now on gaps count anew; one that has begun counts whole. */
    synchronized void mark() {
        gapNanos = 0;
        longestCallNanos = 0;
        marked = ends.answered;
    }

    synchronized Beat sinceMark() {
        return new Beat(gapNanos / 1e6, longestCallNanos / 1e6, ends.answered - marked);
    }

    synchronized Ends ends() {
        return ends;
    }

    /** Has the witness see what is there, when all calls have ended. */
    void compare() throws InterruptedException {
        for (Witness.Questioner questioner : questioners) {
            questioner.compare(PATIENCE);
        }
    }

    /** Lets the calls under way end. */
    @Override
    public void close() {
        over = true;
        for (Thread thread : threads) {
            try {
                thread.join(PATIENCE);
            } catch (InterruptedException inAHurry) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
