package dev.berth.lab.scenario;

import dev.berth.core.audit.Invariant;
import dev.berth.lab.sim.Machines;
import dev.berth.lab.sim.check.Violation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

// After every event of the world all checks run, so a scenario need not ask for the invariants: a violation ends
// it, and is the last line of the results. Only a scenario about a measure taken away expects to read one there.

/** Plays a scenario and notes what came of it. One thread. */
public final class Scenario {
    private final Stage stage;
    private final ClusterVerbs cluster;
    private final FaultVerbs faults;
    private final PlayVerbs plays;
    private @Nullable Invariant broken;
    private String problem = "";

    private Scenario(Stage stage) {
        this.stage = stage;
        this.cluster = new ClusterVerbs(stage);
        this.faults = new FaultVerbs(stage);
        this.plays = new PlayVerbs(stage);
    }

    /**
     * What a scenario has come to.
     *
     * @param text the scenario with the results that it had
     * @param broken the invariant that was violated, if one was
     * @param problem the command that could not be carried out, or the condition that did not hold; "" if there is none
     */
    public record Played(String text, @Nullable Invariant broken, String problem) {}

    public static Played play(List<String> lines, Machines machines) {
        return play(lines, machines, false);
    }

    /** Plays the commands for the sake of the invariants only: conditions need not come true. */
    public static Played playLeniently(List<String> lines, Machines machines) {
        return play(lines, machines, true);
    }

    private static Played play(List<String> lines, Machines machines, boolean lenient) {
        ScenarioText text = ScenarioText.parse(lines);
        Scenario scenario = new Scenario(new Stage(machines, lenient));
        List<ScenarioText.Block> played = new ArrayList<>();
        for (ScenarioText.Block block : text.blocks()) {
            boolean over = scenario.broken != null || !scenario.problem.isEmpty();
            played.add(over ? block.withResults(List.of()) : block.withResults(scenario.play(block)));
        }
        return new Played(new ScenarioText(text.preamble(), played).text(), scenario.broken, scenario.problem);
    }

    private List<String> play(ScenarioText.Block block) {
        int from = stage.heard.count();
        boolean quiet = block.commands().contains("quietly");
        try {
            for (String command : block.commands()) {
                if (!command.startsWith("#") && !command.equals("quietly")) {
                    run(command, from);
                }
            }
        } catch (Violation violation) {
            broken = violation.invariant();
            stage.show("VIOLATION of " + violation.invariant() + ": " + violation.getMessage());
        } catch (IllegalArgumentException | IllegalStateException e) {
            problem = String.valueOf(e.getMessage());
            stage.show("FAILS: " + problem);
        }
        List<String> results = new ArrayList<>();
        if (!quiet || broken != null || !problem.isEmpty()) {
            results.addAll(stage.heard.from(from));
        }
        results.addAll(stage.shown);
        stage.shown.clear();
        return results;
    }

    private void run(String command, int blockStart) {
        Words words = new Words(command);
        String verb = words.next();
        if (!cluster.run(verb, words) && !faults.run(verb, words) && !plays.run(verb, words, blockStart)) {
            throw words.wrong("has no known verb");
        }
        words.done();
    }
}
