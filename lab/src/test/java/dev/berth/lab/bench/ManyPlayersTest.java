package dev.berth.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

// As many real sockets, and games, as a machine with 2 processors and 20,000 descriptors for each process carries.
// Nothing depends on how fast it is: a crowd fails by itself when one of its clients does not come in, or is told
// something twice or not at all.
@EnabledIfSystemProperty(named = "berth.soak", matches = "true")
class ManyPlayersTest {
    private static Config bench(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new BenchCommand().run(new PrintWriter(out, true), new PrintWriter(err, true), words);
        assertThat(exit).as(err.toString()).isZero();
        return ConfigFactory.parseString(out.toString());
    }

    @Test
    @Tag("S3.9")
    void hundredThousandPlayers_areOnline_forLittleOfAMachine() {
        Config figures = bench("gate", "--many", "100000", "--json");

        assertThat(figures.getInt("many_clients")).isEqualTo(100_000);
        // A million: 8 GiB of gates.
        assertThat(figures.getDouble("many_kib")).isBetween(0.5, 8.0);
    }

    @Test
    @Tag("S3.3")
    void twentySevenThousandGames_fitIntoOneProcess_andEverybodyHasSomethingToDo() {
        Config figures = bench("poker", "--period", "2000", "--json");

        assertThat(figures.getInt("games")).isEqualTo(27_000);
        assertThat(figures.getInt("players")).isEqualTo(136_000);
        assertThat(figures.getInt("processes")).isGreaterThanOrEqualTo(800_000);
        assertThat(figures.getBoolean("each_had_a_message")).isTrue();
        assertThat(figures.getInt("heap_mb")).isLessThan(2_048);
        assertThat(figures.getBoolean("chips_conserved")).isTrue();
        assertThat(figures.getBoolean("winners_right")).isTrue();
    }

    @Test
    @Tag("S3.12")
    void fiveThousandOfAKilledGate_areAtAnother_andNothingIsLostOrDoubled() {
        Config figures = bench("gate", "--only", "storm", "--json");

        assertThat(figures.getInt("storm_notes")).isGreaterThan(1_000);
    }
}
