package dev.berth.lab.process;

import dev.berth.core.audit.Finding;
import dev.berth.core.call.Outcome;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.wire.Bytes;
import dev.berth.node.audit.Witness;
import dev.berth.node.operate.History;
import dev.berth.node.worker.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

// Each has a number to himself in a service that keeps numbers and adds to it, one call after the other. What they are
// told, and the views of the node that they are in, go before the witness.

/** People who use a cluster all the time and remember what they were told. Any thread. */
final class Passengers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    final AtomicLong done = new AtomicLong();
    final AtomicLong refused = new AtomicLong();
    final AtomicLong unknown = new AtomicLong();
    private final Witness witness = new Witness();
    private final List<Passenger> all = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;
    private volatile @Nullable CountDownLatch answeredAgain;

    private final class Passenger implements Runnable {
        private final Witness.Questioner questioner;
        private final AtomicLong answers = new AtomicLong();

        Passenger(Witness.Questioner questioner) {
            this.questioner = questioner;
        }

        @Override
        public void run() {
            try {
                while (!over) {
                    count(questioner.add(PATIENCE));
                    Thread.sleep(2);
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }

        private void count(Outcome<Bytes> outcome) {
            switch (outcome) {
                case Outcome.Done<Bytes> _ -> {
                    done.incrementAndGet();
                    CountDownLatch waiting = answeredAgain;
                    if (answers.incrementAndGet() == 1 && waiting != null) {
                        waiting.countDown();
                    }
                }
                // A slot that threw may have written.
                case Outcome.Failed<Bytes> _, Outcome.Unknown<Bytes> _ -> unknown.incrementAndGet();
                case Outcome.Refused<Bytes> _ -> refused.incrementAndGet();
            }
        }
    }

    Passengers(Node node, String service, int slots, int perSlot) {
        var _ = witness.watch("the passengers' node", node);
        for (int i = 0; i < slots * perSlot; i++) {
            SlotId slot = new SlotId(service, 1 + i % slots);
            Passenger passenger = new Passenger(witness.questioner(node.agent(service), slot, "passenger-" + i));
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
    List<Finding> end() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        for (Passenger passenger : all) {
            passenger.questioner.compare(PATIENCE);
        }
        return witness.findings();
    }

    /** The same, and with what the journal says. */
    List<Finding> end(History journal) throws InterruptedException {
        witness.told(journal);
        return end();
    }

    @Override
    public String toString() {
        return "done=" + done + " refused=" + refused + " unknown=" + unknown + " findings=" + witness.findings();
    }

    @Override
    public void close() {
        over = true;
        threads.forEach(Thread::interrupt);
    }
}
