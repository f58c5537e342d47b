package dev.berth.lab.sim.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

// What differs between JVMs must not reach a decision: the order of hash tables, identity hash codes, threads,
// compilers. The second process gets other ones of each.

/** The same seeds in two processes: the same bytes, hence the same digest. */
class TwoJvmsTest {
    private static final Pattern RUN = Pattern.compile("\"events\":(\\d+).*\"digest\":\"([0-9a-f]+)\"");

    @Test
    void sameSeeds_inTwoJvms_giveTheSameBytes() throws Exception {
        String one = run("--threads=1");
        String other = run(
                "--threads=2",
                "-XX:+UnlockExperimentalVMOptions",
                "-XX:hashCode=2",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UseCompactObjectHeaders");

        assertThat(other).isEqualTo(one);
    }

    private static String run(String threads, String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SimProcess.class.getName()));
        command.addAll(List.of("--seeds=12", "--nodes=8", "--minutes=3", "--quiet", "--json", threads));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        Matcher run = RUN.matcher(said);
        assertThat(run.find()).as(said).isTrue();
        return run.group(1) + " events, digest " + run.group(2);
    }
}
