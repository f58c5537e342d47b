package dev.berth.node.demo;

import dev.berth.core.call.Outcome;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.wire.Bytes;
import dev.berth.node.audit.Witness;
import dev.berth.node.worker.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

// Each caller has one number to itself and adds to it, one call after the other. What they are told goes before the
// witness, who knows what must not be.

/** People who use the cluster all the time. Any thread. */
public final class Callers {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    public final AtomicLong done = new AtomicLong();
    public final AtomicLong failed = new AtomicLong();
    public final AtomicLong refused = new AtomicLong();
    public final AtomicLong unknown = new AtomicLong();
    public final Witness witness = new Witness();
    private final List<Witness.Questioner> questioners = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentHashMap<String, Long> gaps = new ConcurrentHashMap<>();
    private volatile String fault = "none";
    private final long paceMillis;
    private volatile boolean over;

    /** @param paceMillis how long each rests between two calls */
    public Callers(long paceMillis) {
        this.paceMillis = paceMillis;
    }

    /** Callers in a node, so many for each slot of {@link KeyValue#NAME}. */
    public void start(Node node, int slots, int perSlot) {
        var _ = witness.watch("the callers' node", node);
        for (int i = 0; i < slots * perSlot; i++) {
            Witness.Questioner questioner = witness.questioner(
                    node.agent(KeyValue.NAME), new SlotId(KeyValue.NAME, 1 + i % slots), "caller-" + i);
            questioners.add(questioner);
            threads.add(Thread.ofVirtual().name("caller-" + i).start(() -> call(questioner)));
        }
    }

    private void call(Witness.Questioner questioner) {
        long last = System.nanoTime();
        try {
            while (!over) {
                count(questioner.add(PATIENCE));
                long now = System.nanoTime();
                gaps.merge(fault, (now - last) / 1_000_000L, Math::max);
                last = now;
                Thread.sleep(paceMillis);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void count(Outcome<Bytes> outcome) {
        switch (outcome) {
            case Outcome.Done<Bytes> _ -> done.incrementAndGet();
            case Outcome.Failed<Bytes> _ -> failed.incrementAndGet();
            case Outcome.Refused<Bytes> _ -> refused.incrementAndGet();
            case Outcome.Unknown<Bytes> _ -> unknown.incrementAndGet();
        }
    }

    /** Gaps that end from now on are this fault's. */
    void during(String what) {
        fault = what;
    }

    Map<String, Long> gaps() {
        return gaps;
    }

    public void stop() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Has the witness see what is there, when all calls have ended. */
    public void compare() throws InterruptedException {
        for (Witness.Questioner questioner : questioners) {
            questioner.compare(PATIENCE);
        }
    }
}
