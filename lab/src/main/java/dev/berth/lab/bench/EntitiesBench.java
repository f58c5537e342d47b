package dev.berth.lab.bench;

import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.store.StoreMessage.StoreStatus;
import dev.berth.lab.bench.CountersApp.Counter;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.entity.Entities;
import dev.berth.node.worker.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

// Each caller adds one to a number of its own and adds again when it has the answer, which leaves the owner when the
// number is on the store's disk. At the end every number is compared with how often its caller was answered.

/** Increments of entities per second: caller, owner and store in three processes, and all in one. */
@Command(name = "entities", description = "Increments of entities, each durable before its answer.")
final class EntitiesBench extends Bench {
    private static final int BUCKETS = 64;

    @Option(
            names = "--callers",
            description = "How many call at a time (default ${DEFAULT-VALUE}).",
            defaultValue = "256")
    private int callers;

    @Option(names = "--warm-up", description = "Seconds (default ${DEFAULT-VALUE}).", defaultValue = "15")
    private int warmUp;

    @Option(names = "--seconds", description = "Measured (default ${DEFAULT-VALUE}).", defaultValue = "20")
    private int seconds;

    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder others = new LongAdder();
    private volatile boolean over;

    @Override
    Map<String, @Nullable Object> measure() throws Exception {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        figures.put("callers", callers);
        threeProcesses(figures);
        oneJvm(figures);
        figures.put("not_acknowledged", others.sum());
        return figures;
    }

    private void threeProcesses(Map<String, @Nullable Object> figures) throws Exception {
        HarborPlan plan = HarborPlan.of(CountersApp.class)
                .withService("{ capacity = 1, buckets = " + BUCKETS + " }", "1")
                .withWorkers(1, List.of("-Xmx512m"));
        try (Harbor harbor = Harbor.launch(plan);
                Node node = Node.start(harbor.caller());
                StoreProbe store = new StoreProbe(harbor)) {
            harbor.awaitWhole(BUCKETS);
            say("caller, owner and store are three processes; " + callers + " callers add for " + warmUp + " s and "
                    + seconds + " s");
            StoreStatus[] before = new StoreStatus[1];
            double rate = run(CountersApp.entities(), node, () -> before[0] = store.status());
            figures.put("increments_rate", Math.round(rate));
            store.put(figures, before[0]);
            figures.put("pids", harbor.pids());
            harbor.hasServed();
        }
    }

    private void oneJvm(Map<String, @Nullable Object> figures) throws Exception {
        Entities entities = CountersApp.entities();
        try (DevCluster cluster = DevCluster.start(ServicePlan.bucketed(Harbor.SERVICE, 1, BUCKETS))) {
            Node owner = cluster.start(
                    cluster.node("owner").withSlots(Harbor.SERVICE, 1), Map.of(Harbor.SERVICE, entities.code()));
            say("all in one process");
            figures.put("one_jvm_rate", Math.round(run(entities, owner, () -> {})));
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private double run(Entities entities, Node node, Step whenWarm) throws Exception {
        over = false;
        long[] answered = new long[callers];
        Thread[] threads = new Thread[callers];
        for (int i = 0; i < callers; i++) {
            int number = i;
            threads[i] = Thread.ofVirtual()
                    .start(() -> add(entities.agent(node, Counter.class, (long) number), answered, number));
        }
        TimeUnit.SECONDS.sleep(warmUp);
        whenWarm.run();
        long first = acknowledged.sum();
        long start = System.nanoTime();
        TimeUnit.SECONDS.sleep(seconds);
        long took = System.nanoTime() - start;
        long count = acknowledged.sum() - first;
        over = true;
        for (int i = 0; i < callers; i++) {
            threads[i].join();
            long there = entities.agent(node, Counter.class, (long) i).add(0);
            if (there != answered[i]) {
                throw new IllegalStateException(
                        "caller " + i + " was answered " + answered[i] + " times and the number is " + there);
            }
        }
        return count * 1e9 / took;
    }

    private void add(Counter counter, long[] answered, int number) {
        while (!over) {
            try {
                counter.add(1);
                answered[number]++;
                acknowledged.increment();
            } catch (RuntimeException failed) {
                others.increment();
                say("caller " + number + ": " + failed.getMessage());
                return;
            }
        }
    }
}
