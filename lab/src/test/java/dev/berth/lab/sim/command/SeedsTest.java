package dev.berth.lab.sim.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

// What a person would type: ./berth sim --seeds 200 --nodes 20. A failing seed is named with the command that runs it
// again.

/** 200 clusters of 20 nodes, ten virtual minutes each, with faults all the time. */
class SeedsTest {
    @Test
    void twoHundredSeedsOfTwentyNodes_breakNoInvariant() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);

        int code = new SimCommand()
                .run(
                        print,
                        print,
                        "--seeds=200",
                        "--nodes=20",
                        "--threads=" + Runtime.getRuntime().availableProcessors(),
                        "--trace=target/sim-trace.txt",
                        "--json");

        String said = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(said).isZero();
        assertThat(said).contains("\"seeds\":200,").contains("\"violations\":0,");
    }
}
