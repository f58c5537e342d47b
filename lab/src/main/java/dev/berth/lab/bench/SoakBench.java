package dev.berth.lab.bench;

import dev.berth.node.demo.DemoWorker;
import dev.berth.node.launch.Profile;
import dev.berth.node.worker.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

// Nothing is done to the cluster, so whatever says that a node is suspended, suspected or gone is a false alarm: a
// pause of a collector, or of the machine, that was longer than the profile bears.

/** Load for minutes under short leases: how often a node was suspended for nothing. */
@Command(
        name = "soak",
        description = "Load for minutes under the profile of short leases: how often a node was suspended for nothing.")
final class SoakBench extends Bench {
    private static final int SLOTS = 4;
    private static final int MASTERS = 2;
    private static final int CALLERS_PER_SLOT = 16;
    private static final Pattern SUSPENDED = Pattern.compile("SERVING -> SUSPENDED cause=(?!stopped)");
    private static final Pattern SUSPECTED = Pattern.compile(" SUSPECTED and | (PAUSED|MUTE) for | was MUTE ");
    private static final Pattern TILT = Pattern.compile(" TILT cause=");
    private static final Pattern COLLECTION = Pattern.compile("\\[gc *\\] GC\\(\\d+\\) .*");
    private static final long LOOK_MILLIS = 20;

    /** Garbage collectors that can be chosen. */
    enum Collector {
        G1("-XX:+UseG1GC"),
        ZGC("-XX:+UseZGC");

        final String flag;

        Collector(String flag) {
            this.flag = flag;
        }
    }

    @Option(
            names = "--collector",
            description = "Of all workers: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).",
            defaultValue = "G1")
    private Collector collector = Collector.G1;

    @Option(names = "--minutes", description = "How long (default ${DEFAULT-VALUE}).", defaultValue = "10")
    private double minutes;

    @Option(names = "--rate", description = "Calls per second (default ${DEFAULT-VALUE}).", defaultValue = "4000")
    private int rate;

    @Option(names = "--heap", description = "Of each worker (default ${DEFAULT-VALUE}).", defaultValue = "128m")
    private String heap = "";

    @Override
    Map<String, @Nullable Object> measure() throws Exception {
        HarborPlan plan = HarborPlan.of(DemoWorker.class)
                .withService(String.valueOf(SLOTS), "1")
                .withWorkers(SLOTS, List.of("-Xmx" + heap, collector.flag, "-Xlog:gc"))
                .withMasters(MASTERS)
                .withTimings(Profile.FAST);
        try (Harbor harbor = Harbor.launch(plan);
                Node node = Node.start(harbor.caller().withTimings(Profile.FAST.timings()))) {
            harbor.awaitWhole(SLOTS);
            var _ = harbor.witness().watch("the callers' node", node);
            List<Pulse> pulses = new ArrayList<>();
            try {
                for (int slot = 1; slot <= SLOTS; slot++) {
                    pulses.add(Pulse.warm(node, harbor.witness(), slot, CALLERS_PER_SLOT, rate / SLOTS));
                }
                Map<String, @Nullable Object> figures = soak(harbor, node, pulses);
                figures.put("pids", harbor.pids());
                pulses.forEach(Pulse::close);
                for (Pulse pulse : pulses) {
                    pulse.compare();
                }
                harbor.judge(figures);
                harbor.hasServed();
                return figures;
            } finally {
                pulses.forEach(Pulse::close);
            }
        }
    }

    private Map<String, @Nullable Object> soak(Harbor harbor, Node node, List<Pulse> pulses)
            throws IOException, InterruptedException {
        Alarms before = Alarms.of(harbor);
        pulses.forEach(Pulse::mark);
        say("every slot runs; %d calls per second for %.1f minutes; logs in %s".formatted(rate, minutes, harbor.dir()));
        int own = suspensions(node);
        Alarms after = Alarms.of(harbor);
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        figures.put("collector", collector.name());
        figures.put("minutes", minutes);
        figures.put(
                "lease_ms", TimeUnit.NANOSECONDS.toMillis(Profile.FAST.timings().leaseNanos()));
        figures.put("suspensions", own + after.suspended - before.suspended);
        figures.put("suspicions", after.suspected - before.suspected);
        figures.put("tilts", after.tilts - before.tilts);
        figures.put("views_meanwhile", after.view - before.view);
        figures.put("collections", after.collections - before.collections);
        calls(pulses, figures);
        return figures;
    }

    /** What the logs have said so far. */
    private record Alarms(int suspended, int suspected, int tilts, int collections, long view) {
        static Alarms of(Harbor harbor) throws IOException, InterruptedException {
            Path logs = harbor.logs();
            return new Alarms(
                    count(logs, SUSPENDED),
                    count(logs, SUSPECTED),
                    count(logs, TILT),
                    count(logs, COLLECTION),
                    harbor.status().view().number());
        }
    }

    private static void calls(List<Pulse> pulses, Map<String, @Nullable Object> figures) {
        long answered = 0;
        long unanswered = 0;
        double gap = 0;
        for (Pulse pulse : pulses) {
            Pulse.Ends ends = pulse.ends();
            answered += ends.answered();
            unanswered += ends.failed() + ends.refused() + ends.unknown();
            gap = Math.max(gap, pulse.sinceMark().gapMillis());
        }
        figures.put("calls_answered", answered);
        figures.put("calls_not_answered", unanswered);
        figures.put("longest_gap_ms", rounded(gap, 1));
    }

    /** How often this process's own node lost its lease in that time. */
    private int suspensions(Node node) throws InterruptedException {
        int count = 0;
        boolean acted = true;
        long end = System.nanoTime() + (long) (minutes * 60e9);
        while (System.nanoTime() < end) {
            boolean acts = node.mayAct();
            count += acted && !acts ? 1 : 0;
            acted = acts;
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return count;
    }

    private static int count(Path logs, Pattern wanted) throws IOException {
        int count = 0;
        try (Stream<Path> files = Files.list(logs)) {
            for (Path file : files.toList()) {
                try (Stream<String> lines = Files.lines(file)) {
                    count += (int)
                            lines.filter(line -> wanted.matcher(line).find()).count();
                }
            }
        }
        return count;
    }
}
