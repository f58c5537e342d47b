package dev.berth.lab.bench;

import dev.berth.core.cluster.ServicePlan;
import dev.berth.node.UserApp;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.entity.Entities;
import dev.berth.node.worker.Node;
import dev.berth.poker.Poker;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

// Paced, not closed-loop: each table has an instant, again and again, at which whoever is asked by then acts. What an
// action took is counted from that instant, so a server that falls behind cannot hide it by being asked less.

/** Tables of poker in one JVM with their store: actions that are on disk before they are heard. */
@Command(
        name = "poker",
        description = "Tables of poker in one JVM, at a given pace, each action durable before it is heard.")
final class PokerBench extends Bench {
    private static final int BUCKETS = 256;

    @Option(names = "--games", description = "Tables (default ${DEFAULT-VALUE}).", defaultValue = "27000")
    private int games;

    @Option(names = "--players", description = "At the tables (default ${DEFAULT-VALUE}).", defaultValue = "136000")
    private int players;

    @Option(names = "--lobby", description = "Players at no table (default ${DEFAULT-VALUE}).", defaultValue = "251000")
    private int lobby;

    @Option(
            names = "--period",
            description = "Milliseconds from one action of a table to its next (default ${DEFAULT-VALUE}).",
            defaultValue = "985")
    private int period;

    @Option(names = "--warm-up", description = "Seconds (default ${DEFAULT-VALUE}).", defaultValue = "30")
    private int warmUp;

    @Option(names = "--seconds", description = "Measured (default ${DEFAULT-VALUE}).", defaultValue = "120")
    private int seconds;

    @Override
    Map<String, @Nullable Object> measure() throws Exception {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        UserApp<Long> poker = Poker.app();
        Entities app = poker.entities();
        try (DevCluster cluster = DevCluster.start(ServicePlan.bucketed(app.service(), 1, BUCKETS))) {
            Node node = cluster.start(
                    cluster.node("poker").withSlots(app.service(), 1).withMessages(app.messages()),
                    Map.of(app.service(), app.code()));
            try (PokerHall hall =
                    new PokerHall(node, app, new PokerHall.Size(games, players, lobby, period), this::say)) {
                hall.open();
                say("they play for " + warmUp + " s and " + seconds + " s");
                hall.play(warmUp, seconds, figures);
            }
        }
        return figures;
    }
}
