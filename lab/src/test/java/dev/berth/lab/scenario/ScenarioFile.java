package dev.berth.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.lab.sim.Machines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A scenario in src/test/resources. With -Dscenarios.rewrite=true its results are written anew instead of compared. */
record ScenarioFile(Path path) {
    static ScenarioFile named(String name) {
        return new ScenarioFile(Path.of("src/test/resources", name + ".txt"));
    }

    /** Plays its commands, whatever comes of them. */
    Scenario.Played playLeniently(Machines machines) {
        try {
            return Scenario.playLeniently(Files.readAllLines(path), machines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Plays it and compares what came of it, line by line. */
    Scenario.Played check(Machines machines) {
        try {
            Scenario.Played played = Scenario.play(Files.readAllLines(path), machines);
            if (Boolean.getBoolean("scenarios.rewrite")) {
                Files.writeString(path, played.text());
            }
            assertThat(played.problem()).as("%s: what could not be done", path).isEmpty();
            assertThat(played.text()).as("%s: what came of it", path).isEqualTo(Files.readString(path));
            return played;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
