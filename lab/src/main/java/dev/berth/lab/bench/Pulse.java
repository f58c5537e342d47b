package dev.berth.lab.bench;

import dev.berth.core.call.Outcome;
import dev.berth.core.wire.Bytes;
import dev.berth.node.worker.Agent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

// The gap of a slot is the longest time in which none of its callers was answered. A caller whose call ended as
// Unknown, because its owner was killed, makes the next one at once; that one waits in the agent for the new owner.

/** Callers of one slot who feel its pulse. Any thread. */
final class Pulse implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    /** Every so many calls one writes; the others read. */
    private static final int WRITE_EVERY = 16;

    private final Agent agent;
    private final int slot;
    private final long paceNanos;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;
    // Guarded by this.
    private long answered;
    private long writes;
    private long failed;
    private long refused;
    private long unknown;
    private long lastNanos = System.nanoTime();
    private long gapNanos;
    private long longestCallNanos;
    private long answeredSinceMark;

    /** What has happened since the last {@link #mark}. */
    record Beat(double gapMillis, double longestCallMillis, long answered) {}

    /** What has become of all calls. */
    record Ends(long answered, long writes, long failed, long refused, long unknown) {}

    /**
     * @param callers each makes one call at a time
     * @param perSecond calls per second of all of them together
     */
    Pulse(Agent agent, int slot, int callers, int perSecond) {
        this.agent = agent;
        this.slot = slot;
        this.paceNanos = TimeUnit.SECONDS.toNanos(callers) / perSecond;
        for (int i = 0; i < callers; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().name("caller-" + slot + "-" + i).start(() -> run(number)));
        }
    }

    private void run(int number) {
        Bytes add = Bytes.utf8("ADD caller-" + number);
        Bytes get = Bytes.utf8("GET caller-" + number);
        // Callers who began together would call together.
        long next = System.nanoTime() + paceNanos * (number % 64) / 64;
        try {
            for (long i = 0; !over; i++) {
                long now = System.nanoTime();
                if (next > now) {
                    LockSupport.parkNanos(next - now);
                }
                boolean writes = (i + number) % WRITE_EVERY == 0;
                long sent = System.nanoTime();
                Outcome<Bytes> outcome =
                        agent.callSlotAsync(slot, writes ? add : get, PATIENCE).get();
                now = System.nanoTime();
                ended(outcome, writes, sent, now);
                // Who could not call in time does not make up for it.
                next = outcome instanceof Outcome.Done<Bytes> ? Math.max(next + paceNanos, now) : now;
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private synchronized void ended(Outcome<Bytes> outcome, boolean wrote, long sent, long now) {
        switch (outcome) {
            case Outcome.Done<Bytes> _ -> {
                answered++;
                answeredSinceMark++;
                writes += wrote ? 1 : 0;
                gapNanos = Math.max(gapNanos, now - lastNanos);
                lastNanos = now;
                longestCallNanos = Math.max(longestCallNanos, now - sent);
            }
            case Outcome.Failed<Bytes> _ -> failed++;
            case Outcome.Refused<Bytes> _ -> refused++;
            case Outcome.Unknown<Bytes> _ -> unknown++;
        }
    }

    /** From now on gaps count anew; one that has begun counts whole. */
    synchronized void mark() {
        gapNanos = 0;
        longestCallNanos = 0;
        answeredSinceMark = 0;
    }

    synchronized Beat sinceMark() {
        return new Beat(gapNanos / 1e6, longestCallNanos / 1e6, answeredSinceMark);
    }

    synchronized Ends ends() {
        return new Ends(answered, writes, failed, refused, unknown);
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
