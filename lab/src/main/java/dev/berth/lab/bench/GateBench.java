package dev.berth.lab.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

// Clients, gates, and the town behind them are processes of their own: docs/benchmarks.md says what each figure is.

/** What gates cost, and what their clients notice when one is killed. */
@Command(
        name = "gate",
        description =
                "Gates: rates beside HAProxy and without a gate, memory of idle clients, thousands of clients of a"
                        + " killed gate.")
final class GateBench extends Bench {
    private enum Part {
        rates,
        session,
        idle,
        storm,
        gaps
    }

    /** Of servers, and of gates: enough for a median; {@code berth bench stay} takes more. */
    private static final int KILLS = 4;

    @Option(
            names = "--idle",
            description = "Idle clients of one gate (default ${DEFAULT-VALUE}).",
            defaultValue = "9000")
    private int idle;

    @Option(
            names = "--storm",
            description = "Clients of the gate that is killed (default ${DEFAULT-VALUE}).",
            defaultValue = "5000")
    private int storm;

    @Option(
            names = "--seconds",
            description = "Of each rate, in each of its rounds (default ${DEFAULT-VALUE}).",
            defaultValue = "2")
    private int seconds;

    @Option(
            names = "--only",
            description = "One of ${COMPLETION-CANDIDATES}; all of them otherwise.",
            defaultValue = Option.NULL_VALUE)
    private @Nullable Part only;

    @Option(
            names = "--many",
            description = "Nothing but so many idle clients, in several processes at several gates, such as 100000.",
            defaultValue = "0")
    private int many;

    @Override
    Map<String, @Nullable Object> measure() throws Exception {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        try (GateScene scene = new GateScene(this::say)) {
            if (many > 0) {
                new GateMemory(scene).many(figures, many);
            } else {
                all(figures, scene);
            }
            figures.put("pids", scene.pids());
        }
        if (many == 0 && wants(Part.gaps)) {
            gaps(figures);
        }
        return figures;
    }

    private void all(Map<String, @Nullable Object> figures, GateScene scene) throws Exception {
        GateRates rates = new GateRates(scene, 1_000L * seconds);
        if (wants(Part.rates)) {
            rates.byTurns(figures);
        }
        if (wants(Part.session)) {
            rates.session(figures);
        }
        if (wants(Part.idle)) {
            new GateMemory(scene).one(figures, idle);
        }
        if (wants(Part.storm)) {
            new GateStorm(scene, storm).measure(figures);
        }
    }

    /** Of a harbor of its own, since what is killed there has a launcher. */
    private void gaps(Map<String, @Nullable Object> figures) throws Exception {
        Map<String, @Nullable Object> its = StayBench.measure(KILLS, 0, this::say);
        its.forEach((name, figure) -> figures.put(name.equals("pids") ? "gap_pids" : name, figure));
    }

    private boolean wants(Part part) {
        return only == null || only == part;
    }
}
