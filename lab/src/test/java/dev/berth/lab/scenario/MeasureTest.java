package dev.berth.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.lab.mutant.Measure;
import dev.berth.lab.sim.Machines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

// The same commands twice: with all measures no invariant is violated, without this one the expected one is. So it is
// the measure that makes the difference, and the check that would find it missing works.

/** Each measure of docs/rules.md taken away in turn, and caught. */
final class MeasureTest {
    private static final Path FILES = Path.of("src/test/resources/measures");

    @ParameterizedTest
    @EnumSource
    void measureTakenAway_isCaught_byTheInvariantThatItProtects(Measure measure) {
        ScenarioFile file = ScenarioFile.named("measures/" + measure.word());
        Scenario.Played without = file.check(measure.takenFrom(Machines.REAL));
        assertThat(without.broken()).as(measure.word()).isEqualTo(measure.protects());
    }

    @ParameterizedTest
    @EnumSource
    void measureInPlace_sameCommands_violateNothing(Measure measure) {
        ScenarioFile file = ScenarioFile.named("measures/" + measure.word());
        assertThat(file.playLeniently(Machines.REAL).broken())
                .as(measure.word())
                .isNull();
    }

    @Test
    void everyFile_isAboutAMeasure() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".txt", "")))
                    .allSatisfy(word -> assertThat(Measure.named(word)).isPresent());
        }
    }
}
