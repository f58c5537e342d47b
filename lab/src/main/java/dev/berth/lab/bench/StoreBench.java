package dev.berth.lab.bench;

import dev.berth.core.call.Outcome;
import dev.berth.core.store.StoreMessage.StoreStatus;
import dev.berth.core.wire.Bytes;
import dev.berth.node.demo.DemoWorker;
import dev.berth.node.worker.Agent;
import dev.berth.node.worker.Node;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

// Each caller adds one to a number of its own, in a bucket of its own, and adds again when that is acknowledged. A
// bucket's owner handles one call at a time and answers when the store has the number on disk: so many callers, so
// many writes that wait for the same fsync.

/** Acknowledged increments per second: this process calls, another owns, a third is the store. */
@Command(name = "store", description = "Increments that a service acknowledges when its store has them on disk.")
final class StoreBench extends Bench {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Option(
            names = "--callers",
            description = "How many call at a time (default ${DEFAULT-VALUE}).",
            defaultValue = "256")
    private int callers;

    @Option(names = "--warm-up", description = "Seconds (default ${DEFAULT-VALUE}).", defaultValue = "15")
    private int warmUp;

    @Option(names = "--seconds", description = "Measured (default ${DEFAULT-VALUE}).", defaultValue = "20")
    private int seconds;

    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong others = new AtomicLong();
    private volatile boolean over;

    @Override
    Map<String, @Nullable Object> measure() throws Exception {
        HarborPlan plan = HarborPlan.of(DemoWorker.class)
                .withService("{ capacity = 1, buckets = " + callers + " }", "1")
                .withWorkers(1, List.of("-Xmx512m"));
        try (Harbor harbor = Harbor.launch(plan);
                Node node = Node.start(harbor.caller());
                StoreProbe store = new StoreProbe(harbor)) {
            harbor.awaitWhole(callers);
            Agent agent = node.agent(Harbor.SERVICE);
            for (int i = 1; i <= callers; i++) {
                add(agent, i, Bytes.utf8("ADD caller-" + i));
            }
            say("every bucket runs; " + callers + " callers add for " + warmUp + " s and " + seconds + " s");
            TimeUnit.SECONDS.sleep(warmUp);
            Map<String, @Nullable Object> figures = measure(store);
            figures.put("pids", harbor.pids());
            over = true;
            harbor.hasServed();
            return figures;
        }
    }

    private void add(Agent agent, int bucket, Bytes body) {
        var _ = agent.callSlotAsync(bucket, body, PATIENCE).thenAccept(outcome -> {
            (outcome instanceof Outcome.Done<Bytes> ? acknowledged : others).incrementAndGet();
            if (!over) {
                add(agent, bucket, body);
            }
        });
    }

    private Map<String, @Nullable Object> measure(StoreProbe store) throws Exception {
        StoreStatus before = store.status();
        long first = acknowledged.get();
        long start = System.nanoTime();
        TimeUnit.SECONDS.sleep(seconds);
        long took = System.nanoTime() - start;
        long count = acknowledged.get() - first;
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        figures.put("callers", callers);
        figures.put("increments", count);
        figures.put("increments_per_second", Math.round(count * 1e9 / took));
        figures.put("increment_ms_mean", rounded(callers * took / 1e6 / Math.max(1, count), 2));
        figures.put("not_acknowledged", others.get());
        store.put(figures, before);
        return figures;
    }
}
