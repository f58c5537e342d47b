package dev.berth.lab.bench;

import dev.berth.core.call.Address;
import dev.berth.core.cluster.NodeId;
import dev.berth.node.process.Behavior;
import dev.berth.node.process.ProcessBusyException;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Processes;
import dev.berth.node.process.Self;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a million processes cost: time to create them, memory while idle and after each has had a message. */
@Command(name = "processes", description = "A million processes: time to create, bytes each.")
final class ProcessesBench extends Bench {
    @Option(names = "--processes", description = "How many (default ${DEFAULT-VALUE}).", defaultValue = "1000000")
    private int count;

    /** Two numbers: the 16 bytes of a user. */
    private static final class Player implements Behavior<CountDownLatch> {
        private long gold = 100;
        private long level = 1;

        @Override
        public @Nullable Object on(Self<CountDownLatch> self, CountDownLatch seen) {
            gold += level;
            level++;
            seen.countDown();
            return gold;
        }
    }

    @Override
    Map<String, @Nullable Object> measure() throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        try (Processes processes = new Processes(Address.of(new NodeId(1), 0), processors, () -> true)) {
            processes.<CountDownLatch>spawn(_ -> new Player());
            long before = used();
            say("creating " + count + " processes");
            long start = System.nanoTime();
            ProcessRef<CountDownLatch> last = null;
            for (int i = 0; i < count; i++) {
                last = processes.<CountDownLatch>spawn(_ -> new Player());
            }
            double created = (System.nanoTime() - start) / 1e9;
            figures.put("processes", processes.count() - 1);
            figures.put("create_seconds", rounded(created, 2));
            figures.put("bytes_idle", (used() - before) / count);
            say("each gets a message");
            CountDownLatch seen = new CountDownLatch(count);
            long sent = System.nanoTime();
            for (int i = 1; i <= count; i++) {
                send(processes, Address.of(new NodeId(1), i), seen);
            }
            seen.await();
            figures.put("message_each_seconds", rounded((System.nanoTime() - sent) / 1e9, 2));
            figures.put("bytes_used", (used() - before) / count);
            figures.put("last", last == null ? "" : last.address().toString());
        }
        figures.put("pid", ProcessHandle.current().pid());
        return figures;
    }

    private static void send(Processes processes, Address to, CountDownLatch seen) {
        ProcessRef<CountDownLatch> process = processes.at(to);
        while (true) {
            try {
                process.send(seen);
                return;
            } catch (ProcessBusyException full) {
                Thread.onSpinWait();
            }
        }
    }

    /** After collections, until two in a row find the same. */
    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        long former = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            System.gc();
            long now = runtime.totalMemory() - runtime.freeMemory();
            if (now == former) {
                break;
            }
            former = now;
        }
        return former;
    }
}
