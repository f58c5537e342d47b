package dev.berth.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Both measurements of {@code berth poker} as processes, small: everything ends as it has to, what is killed comes back, and no chip is lost. They fail by themselves otherwise. By
 * hand: {@code mvn -pl lab -am test -Pfaults -Dtest=PokerTownTest -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
@EnabledIfSystemProperty(named = "berth.faults", matches = "true")
class PokerTownTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private String run(String... arguments) {
        assertThat(new BenchCommand().run(new PrintWriter(out, true), new PrintWriter(err, true), arguments))
                .as(err.toString())
                .isZero();
        return out.toString();
    }

    @Test
    @Tag("S3.31")
    void riggedGames_allEndAsTheyHaveTo() {
        assertThat(run("rigged", "--games", "30", "--warm-up", "10", "--at-once", "30", "--json"))
                .contains("\"passed\":30", "\"failed\":0", "server_cpu_ms_per_game");
    }

    @Test
    @Tag("S3.11")
    @Tag("S3.13")
    @Tag("S3.17")
    @Tag("S3.27")
    @Tag("S3.34")
    void killedServersPlayers_areBackInTheirSeats_andTheOthersNeverLeft() {
        assertThat(run("seats", "--players", "200", "--servers", "3", "--json"))
                .contains("\"others_lost\":0", "\"seats_kept\":200", "\"chips_conserved\":true");
    }
}
