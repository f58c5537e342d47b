package dev.berth.lab.bench;

import dev.berth.core.wire.Bytes;
import dev.berth.node.worker.Agent;
import dev.berth.node.worker.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What many nodes cost: connections, processor time of beats, memory, and how long they take to be listed. */
@Command(name = "nodes", description = "What hundreds of nodes cost: connections, beats, memory, time to be listed.")
final class NodesBench extends Bench {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SETTLE_SECONDS = 10;

    @Option(names = "--nodes", description = "How many (default ${DEFAULT-VALUE}).", defaultValue = "300")
    private int nodes;

    @Option(
            names = "--processes",
            description = "Among how many processes (default ${DEFAULT-VALUE}).",
            defaultValue = "3")
    private int processes;

    @Option(names = "--seconds", description = "Measured, twice (default ${DEFAULT-VALUE}).", defaultValue = "20")
    private int seconds;

    @Override
    Map<String, @Nullable Object> measure() throws Exception {
        int each = Math.ceilDiv(nodes, processes);
        int all = each * processes;
        HarborPlan plan = HarborPlan.of(ManyNodes.class)
                .withService(String.valueOf(all), "1")
                .withArguments(String.valueOf(each))
                .withWorkers(processes, List.of("-Xmx512m"));
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        try (Harbor harbor = Harbor.launch(plan)) {
            harbor.awaitStart("worker-1");
            long start = System.nanoTime();
            harbor.awaitWhole(all);
            figures.put("nodes", all);
            figures.put("processes", processes);
            figures.put("listed_and_running_s", rounded((System.nanoTime() - start) / 1e9, 1));
            say(all + " nodes run; nobody calls for " + (SETTLE_SECONDS + seconds) + " s");
            cost(harbor, all, "", figures);
            try (Node node = Node.start(harbor.caller())) {
                Agent agent = node.agent(Harbor.SERVICE);
                for (int slot = 1; slot <= all; slot++) {
                    agent.callSlot(slot, Bytes.utf8(ManyNodes.BEGIN), PATIENCE);
                }
            }
            say("each node calls four others once a second");
            cost(harbor, all, "calling_", figures);
            figures.put("views", harbor.status().view().number());
            figures.put("pids", harbor.pids());
            harbor.hasServed();
        }
        return figures;
    }

    private void cost(Harbor harbor, int all, String prefix, Map<String, @Nullable Object> figures)
            throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        List<Proc> workers = new ArrayList<>();
        for (int i = 1; i <= processes; i++) {
            workers.add(new Proc(harbor.pid("worker-" + i)));
        }
        Proc master = new Proc(harbor.pid("master-1"));
        double masterBefore = master.cpuSeconds();
        double before = cpuSeconds(workers);
        long start = System.nanoTime();
        TimeUnit.SECONDS.sleep(seconds);
        double took = (System.nanoTime() - start) / 1e9;
        int sockets = 0;
        long resident = 0;
        for (Proc worker : workers) {
            sockets += worker.connections();
            resident += worker.residentMiB();
        }
        figures.put(prefix + "connections_per_node", rounded((double) sockets / all, 2));
        figures.put(prefix + "cpu_us_per_node_second", Math.round((cpuSeconds(workers) - before) / took / all * 1e6));
        figures.put(prefix + "master_cpu_percent", rounded((master.cpuSeconds() - masterBefore) / took * 100, 1));
        figures.put(prefix + "resident_mib_per_node", rounded((double) resident / all, 2));
        figures.put(prefix + "master_resident_mib", master.residentMiB());
    }

    private static double cpuSeconds(List<Proc> all) throws IOException {
        double sum = 0;
        for (Proc one : all) {
            sum += one.cpuSeconds();
        }
        return sum;
    }
}
