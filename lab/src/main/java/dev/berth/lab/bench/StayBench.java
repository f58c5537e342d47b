package dev.berth.lab.bench;

import dev.berth.core.record.RecordBook;
import dev.berth.lab.bench.ShopApp.Till;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Requests;
import dev.berth.node.entity.UserSession;
import dev.berth.node.worker.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

// A purchase goes from a client to a gate, from there to the owner of the user's session, and from there to the
// owner of the user's purse, and back; each of the two is on disk before it answers. So a client has two servers:
// it counts as the client of a killed one if that had one of them.

/** How long clients wait when a server, or their gate, is killed under {@code berth up}. */
@Command(name = "stay", description = "How long clients are not answered when their server or gate is killed.")
final class StayBench extends Bench {
    private static final int WORKERS = 3;
    private static final int BUCKETS = 12;
    private static final int GATES = 2;
    private static final int CLIENTS = 12;
    private static final long PAUSE_MILLIS = 20;
    private static final int ANSWERS = 40;

    @Option(
            names = "--kills",
            description = "Of servers, and of gates (default ${DEFAULT-VALUE}).",
            defaultValue = "20")
    private int kills;

    @Option(
            names = "--stops",
            description = "Of gates, which are stopped (SIGSTOP) and not killed (default ${DEFAULT-VALUE}).",
            defaultValue = "4")
    private int stops;

    @Override
    Map<String, @Nullable Object> measure() throws Exception {
        return measure(kills, stops, this::say);
    }

    /** Under the names gap_server_ms_p50, gap_gate_ms_p50, gap_stopped_gate_ms_p50, and the longest of each. */
    static Map<String, @Nullable Object> measure(int kills, int stops, Consumer<String> say) throws Exception {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        HarborPlan plan = HarborPlan.of(ShopApp.class)
                .withService(
                        "{ capacity = " + WORKERS + ", buckets = " + BUCKETS + " }", "{ slots = 2, standby = true }")
                .withWorkers(WORKERS, List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"))
                .withMasters(2)
                .withGates(GATES);
        Entities app = ShopApp.app().entities();
        try (Harbor harbor = Harbor.launch(plan);
                Node node = Node.start(harbor.caller().withMessages(app.messages()))) {
            harbor.awaitWhole(BUCKETS);
            for (int i = 0; i < GATES; i++) {
                harbor.awaitStart(HarborPlan.gate(i));
            }
            figures.put("pids", harbor.pids());
            new Round(harbor, new Requests(app, node), say).all(app.messages(), kills, stops, figures);
            harbor.hasServed();
        }
        return figures;
    }

    /** Clients of one harbor, and what is done to them. */
    private record Round(Harbor harbor, Requests requests, Consumer<String> say, List<Shopper> shoppers) {
        Round(Harbor harbor, Requests requests, Consumer<String> say) {
            this(harbor, requests, say, new ArrayList<>());
        }

        void all(RecordBook book, int kills, int stops, Map<String, @Nullable Object> figures)
                throws IOException, InterruptedException {
            try {
                for (long user = 1; user <= CLIENTS; user++) {
                    shoppers.add(new Shopper(user, book, harbor.gates(), PAUSE_MILLIS));
                }
                for (Shopper shopper : shoppers) {
                    shopper.start();
                }
                awaitAnswers();
                put(figures, "gap_server_ms", servers(kills));
                put(figures, "gap_gate_ms", gates(kills));
                if (stops > 0) {
                    put(figures, "gap_stopped_gate_ms", stopped(kills, stops));
                }
                finish(figures);
            } finally {
                shoppers.forEach(Shopper::close);
            }
        }

        private static void put(Map<String, @Nullable Object> figures, String name, List<Double> gaps) {
            figures.put(name + "_p50", Gaps.median(gaps));
            figures.put(name + "_max", Gaps.longest(gaps));
            figures.put(name + "_clients", gaps.size());
        }

        private List<Double> servers(int kills) throws IOException, InterruptedException {
            List<Double> gaps = new ArrayList<>();
            for (int i = 0; i < kills; i++) {
                String victim = harbor.owner(1 + i % BUCKETS);
                Predicate<Shopper> its = owned(victim);
                List<Shopper> hit = shoppers.stream().filter(its).toList();
                gaps.addAll(kill(victim, _ -> hit));
            }
            return gaps;
        }

        private Predicate<Shopper> owned(String victim) throws IOException, InterruptedException {
            List<String> owners = harbor.owners(BUCKETS);
            return shopper ->
                    owners.get(requests.slot(Till.class, shopper.user()).number() - 1)
                                    .equals(victim)
                            || owners.get(requests.slot(UserSession.class, String.valueOf(shopper.user()))
                                                    .number()
                                            - 1)
                                    .equals(victim);
        }

        private List<Double> gates(int kills) throws IOException, InterruptedException {
            List<Double> gaps = new ArrayList<>();
            for (int i = 0; i < kills; i++) {
                gaps.addAll(kill(HarborPlan.gate(i % GATES), Round::away));
            }
            return gaps;
        }

        private static List<Shopper> away(List<Shopper> all) {
            return all.stream().filter(shopper -> shopper.losses() > 0).toList();
        }

        /** Its connections stay open, and so does its port. It goes on when it is somebody whom the cluster has forgotten. */
        private List<Double> stopped(int kills, int stops) throws IOException, InterruptedException {
            List<Double> gaps = new ArrayList<>();
            for (int i = kills; i < kills + stops; i++) {
                String victim = HarborPlan.gate(i % GATES);
                long pid = harbor.pid(victim);
                shoppers.forEach(Shopper::mark);
                Harbor.signal("STOP", pid);
                try {
                    gaps.addAll(seen("stopped " + victim, pid, Round::away));
                    harbor.awaitUnlisted(victim);
                } finally {
                    Harbor.signal("CONT", pid);
                }
                harbor.awaitRestart(victim, pid);
                harbor.awaitBack(victim, BUCKETS);
            }
            return gaps;
        }

        private interface Choice {
            List<Shopper> of(List<Shopper> all);
        }

        private List<Double> kill(String victim, Choice hit) throws IOException, InterruptedException {
            long pid = harbor.pid(victim);
            shoppers.forEach(Shopper::mark);
            Harbor.signal("KILL", pid);
            List<Double> gaps = seen(victim, pid, hit);
            harbor.awaitBack(victim, BUCKETS);
            return gaps;
        }

        /** When all are answered again. */
        private List<Double> seen(String victim, long pid, Choice hit) throws InterruptedException {
            awaitAnswers();
            List<Shopper> its = hit.of(shoppers);
            List<Double> gaps = its.stream().map(Shopper::gapMillis).toList();
            say.accept("%s (process %d): %d clients, %.0f ms at the median, %.0f ms at most; %s"
                    .formatted(victim, pid, its.size(), Gaps.median(gaps), Gaps.longest(gaps), longest(its)));
            return gaps;
        }

        private static String longest(List<Shopper> its) {
            return its.stream()
                    .max(Comparator.comparingDouble(Shopper::gapMillis))
                    .map(Shopper::toString)
                    .orElse("nobody was there");
        }

        private void awaitAnswers() throws InterruptedException {
            for (Shopper shopper : shoppers) {
                shopper.awaitAnswers(ANSWERS);
            }
        }

        private void finish(Map<String, @Nullable Object> figures) throws IOException, InterruptedException {
            List<String> wrong = new ArrayList<>();
            long bought = 0;
            for (Shopper shopper : shoppers) {
                wrong.addAll(shopper.finish());
                bought += shopper.answered();
            }
            figures.put("purchases", bought);
            if (!wrong.isEmpty()) {
                throw new IOException(
                        "clients saw what an undisturbed one would not, logs are in " + harbor.dir() + ": " + wrong);
            }
        }
    }
}
