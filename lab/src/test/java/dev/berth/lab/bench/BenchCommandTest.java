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
                        "poker");
    }

    @Test
    void helpOfOne_listsItsOptions() {
        assertThat(run("calls", "--help")).isZero();

        assertThat(out.toString()).contains("berth bench calls", "--json");
    }

    @Test
    void wrongOption_namesTheHelp() {
        assertThat(run("store", "--nothing")).isEqualTo(2);

        assertThat(err.toString()).contains("--nothing", "'berth bench store --help'");
    }
}
