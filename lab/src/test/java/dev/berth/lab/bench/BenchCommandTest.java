package dev.berth.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

// What a person meets before anything is measured: the list, the help of one, and what is said to a wrong name.
final class BenchCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new BenchCommand().run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    @Test
    void withoutAName_allAreListed() {
        assertThat(run()).isEqualTo(2);

        assertThat(err.toString())
                .contains(
                        "which measurement?",
                        "calls",
                        "links",
                        "appends",
                        "store",
                        "takeover",
                        "nodes",
                        "soak",
                        "records",
                        "gate",
                        "poker",
                        "rigged",
                        "seats");
    }

    @Test
    void helpOfOne_listsItsOptions() {
        assertThat(run("calls", "--help")).isZero();

        assertThat(out.toString()).contains("berth bench calls", "--json");
    }

    @Test
    void gamesThatFindNoPlaces_andPlayersWhoWouldFindNone_areRefusedBeforeAnythingStarts() {
        assertThat(run("rigged", "--games", "3000", "--at-once", "3000", "--servers", "4"))
                .isEqualTo(2);
        assertThat(run("seats", "--players", "5000", "--servers", "1")).isEqualTo(2);

        assertThat(err.toString()).contains("3000 games at once need 5 game servers", "gate.places", "ten at a table");
    }

    @Test
    void tooFewDescriptors_areNamedWithTheirRemedy() {
        assertThat(RiggedBench.refusal(3_000, 5, 20_000)).isEmpty();
        assertThat(RiggedBench.refusal(3_000, 5, 4_096))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("ulimit -n is 4096", "5 game servers", "raise it (ulimit -n 7000)", "--at-once"));
    }

    @Test
    void wrongOption_namesTheHelp() {
        assertThat(run("store", "--nothing")).isEqualTo(2);

        assertThat(err.toString()).contains("--nothing", "'berth bench store --help'");
    }
}
