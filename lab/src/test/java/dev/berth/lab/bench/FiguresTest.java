package dev.berth.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

// A measurement that ends, and whose figures are of what was really there. Bytes do not depend on how fast a machine
// is; rates do, and are in docs/benchmarks.md with the machine they were seen on.
class FiguresTest {
    private static final int PROCESSES = 200_000;

    @Test
    @Tag("S4.20")
    void anIdleProcess_hasLessThan150Bytes_andOneThatWasUsedLessThan200() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new BenchCommand()
                .run(
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        "processes",
                        "--json",
                        "--processes",
                        String.valueOf(PROCESSES));

        assertThat(exit).as(err.toString()).isZero();
        Config figures = ConfigFactory.parseString(out.toString());
        assertThat(figures.getInt("processes")).isEqualTo(PROCESSES);
        assertThat(figures.getLong("pid")).isEqualTo(ProcessHandle.current().pid());
        assertThat(figures.getInt("bytes_idle")).isBetween(24, 149);
        assertThat(figures.getInt("bytes_used")).isBetween(24, 199);
    }
}
