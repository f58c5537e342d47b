package dev.berth.lab.process;

import dev.berth.core.call.Outcome;
import dev.berth.core.wire.Bytes;
import dev.berth.node.worker.Agent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

// Each has a number to himself in the key-value service of the demonstration and adds to it, one call after the other.
// The answers are his history: a number that was answered never comes again or is missing later (I7), and the epoch
// under which it was answered never goes back (I2). What ended as Unknown may have been done once, or not.

/** People who use a cluster all the time and remember what they were told. Any thread. */
final class Passengers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    final AtomicLong done = new AtomicLong();
    final AtomicLong refused = new AtomicLong();
    final AtomicLong unknown = new AtomicLong();
    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
    private final List<Passenger> all = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;
    private volatile @Nullable CountDownLatch answeredAgain;

    private final class Passenger implements Runnable {
        private final Agent agent;
        private final int slot;
        private final String number;
        private final AtomicLong answers = new AtomicLong();
        private long known;
        private long epoch;
        private long maybe;

        Passenger(Agent agent, int slot, int index) {
            this.agent = agent;
            this.slot = slot;
            this.number = "passenger-" + index;
        }

        @Override
        public void run() {
            try {
                while (!over) {
                    take(agent.callSlotAsync(slot, Bytes.utf8("ADD " + number), PATIENCE)
                            .get());
                    Thread.sleep(2);
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException broken) {
                violations.add(number + ": " + broken);
            }
        }

        private void take(Outcome<Bytes> outcome) {
            switch (outcome) {
                case Outcome.Done<Bytes>(Bytes value) -> answered(value);
                case Outcome.Failed<Bytes> _ -> {
                    // The slot threw: its write may have been done.
                    unknown.incrementAndGet();
                    maybe++;
                }
                case Outcome.Refused<Bytes> _ -> refused.incrementAndGet();
                case Outcome.Unknown<Bytes> _ -> {
                    unknown.incrementAndGet();
                    maybe++;
                }
            }
        }

        private void answered(Bytes value) {
            String[] words = value.utf8().split(" ", 2);
            long now = Long.parseLong(words[0]);
            long under = Long.parseLong(words[1]);
            if (now <= known || now > known + 1 + maybe) {
                violations.add(
                        "I7: " + number + " was told " + now + " after " + known + ", with " + maybe + " unknown");
            }
            if (under < epoch) {
                violations.add("I2: " + number + " was answered under epoch " + under + " after " + epoch);
            }
            maybe -= now - known - 1;
            known = now;
            epoch = under;
            done.incrementAndGet();
            CountDownLatch waiting = answeredAgain;
            if (answers.incrementAndGet() == 1 && waiting != null) {
                waiting.countDown();
            }
        }

        void compare() {
            String[] words = agent.callSlot(slot, Bytes.utf8("GET " + number), PATIENCE)
                    .utf8()
                    .split(" ", 2);
            long there = Long.parseLong(words[0]);
            if (there < known || there > known + maybe) {
                violations.add("I7: " + number + " was told " + known + " and finds " + there + ", with " + maybe
                        + " unknown");
            }
        }
    }

    Passengers(Agent agent, int slots, int perSlot) {
        for (int i = 0; i < slots * perSlot; i++) {
            Passenger passenger = new Passenger(agent, 1 + i % slots, i);
            all.add(passenger);
            threads.add(Thread.ofVirtual().name("passenger-" + i).start(passenger));
        }
    }

    /** Nanoseconds until everybody was answered once more; an error if somebody was not within the time. */
    long awaitEverybody(Duration within) throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(all.size());
        long start = System.nanoTime();
        answeredAgain = latch;
        all.forEach(passenger -> passenger.answers.set(0));
        if (!latch.await(within.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(latch.getCount() + " of " + all.size() + " passengers were not answered within "
                    + within + "; " + this);
        }
        return System.nanoTime() - start;
    }

    /** Ends the calls, and compares what was answered with what is there. */
    List<String> end() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        all.forEach(Passenger::compare);
        return List.copyOf(violations);
    }

    @Override
    public String toString() {
        return "done=" + done + " refused=" + refused + " unknown=" + unknown + " violations=" + violations;
    }

    @Override
    public void close() {
        over = true;
        threads.forEach(Thread::interrupt);
    }
}
