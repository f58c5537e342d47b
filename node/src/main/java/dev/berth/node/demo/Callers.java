package dev.berth.node.demo;

import dev.berth.core.call.Outcome;
import dev.berth.core.wire.Bytes;
import dev.berth.node.worker.Agent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

// Each caller has one number to itself and adds to it, one call after the other. So it knows what the next answer
// must be: one more than the last, unless a call in between ended as Unknown. A number twice, or an epoch that goes
// back, would be the work of two owners.

/** People who use the cluster all the time. Any thread. */
final class Callers {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PACE_MILLIS = 4;

    final AtomicLong done = new AtomicLong();
    final AtomicLong failed = new AtomicLong();
    final AtomicLong refused = new AtomicLong();
    final AtomicLong unknown = new AtomicLong();
    final AtomicLong doubled = new AtomicLong();
    private final List<Caller> callers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentHashMap<String, Long> gaps = new ConcurrentHashMap<>();
    private volatile String fault = "none";
    private volatile boolean over;

    private final class Caller implements Runnable {
        private final Agent agent;
        private final int slot;
        private final Bytes add;
        private final Bytes get;
        private long known;
        private long epoch;
        private long maybe;

        Caller(Agent agent, int slot, int number) {
            this.agent = agent;
            this.slot = slot;
            this.add = Bytes.utf8("ADD number-" + number);
            this.get = Bytes.utf8("GET number-" + number);
        }

        @Override
        public void run() {
            long last = System.nanoTime();
            try {
                while (!over) {
                    take(agent.callSlotAsync(slot, add, PATIENCE).get());
                    long now = System.nanoTime();
                    gaps.merge(fault, (now - last) / 1_000_000L, Math::max);
                    last = now;
                    Thread.sleep(PACE_MILLIS);
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException broken) {
                throw new IllegalStateException(broken);
            }
        }

        private void take(Outcome<Bytes> outcome) {
            switch (outcome) {
                case Outcome.Done<Bytes>(Bytes value) -> {
                    done.incrementAndGet();
                    answered(value);
                }
                case Outcome.Failed<Bytes> _ -> failed.incrementAndGet();
                case Outcome.Refused<Bytes> _ -> refused.incrementAndGet();
                case Outcome.Unknown<Bytes> _ -> {
                    unknown.incrementAndGet();
                    maybe++;
                }
            }
        }

        private void answered(Bytes value) {
            String[] words = value.utf8().split(" ", 2);
            long number = Long.parseLong(words[0]);
            long under = Long.parseLong(words[1]);
            if (number <= known || number > known + 1 + maybe || under < epoch) {
                doubled.incrementAndGet();
            }
            maybe -= number - known - 1;
            known = number;
            epoch = under;
        }

        /** How many acknowledged additions are missing. */
        long missing() {
            String[] words = agent.callSlot(slot, get, PATIENCE).utf8().split(" ", 2);
            long there = Long.parseLong(words[0]);
            if (there > known + maybe) {
                doubled.incrementAndGet();
            }
            return Math.max(0, known - there);
        }
    }

    void start(Agent agent, int slots, int perSlot) {
        for (int i = 0; i < slots * perSlot; i++) {
            Caller caller = new Caller(agent, 1 + i % slots, i);
            callers.add(caller);
            threads.add(Thread.ofVirtual().name("caller-" + i).start(caller));
        }
    }

    /** Gaps that end from now on are this fault's. */
    void during(String what) {
        fault = what;
    }

    java.util.Map<String, Long> gaps() {
        return gaps;
    }

    void stop() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    long missing() {
        return callers.stream().mapToLong(Caller::missing).sum();
    }
}
