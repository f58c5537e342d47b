package dev.berth.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How nice the threads of a real virtual machine are. */
class CollectorThreadsTest {
    private static final String NICE = "7";

    /** Prints each thread with how nice it is. */
    static final class Child {
        public static void main(String[] args) throws Exception {
            CollectorThreads.giveWay();
            try (var threads = Files.list(Path.of("/proc/self/task"))) {
                threads.forEach(Child::print);
            }
        }

        private static void print(Path thread) {
            try {
                // The fields behind the name, which may have spaces: the 17th of them.
                String[] fields = Files.readString(thread.resolve("stat"))
                        .replaceFirst("(?s).*\\) ", "")
                        .split(" ", -1);
                System.out.println(Files.readString(thread.resolve("comm")).strip() + ": " + fields[16]);
            } catch (IOException ended) {
                // A compiler's thread comes and goes.
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"-XX:+UseShenandoahGC, Shenandoah GC T", "-XX:+UseZGC, ZWorkerYoung#0", "-XX:+UseG1GC, G1 Conc#0"})
    void onlyThoseThatCollectBesideTheProgram_giveWay(String collector, String worker) throws Exception {
        List<String> threads = run(NICE, collector);
        assertThat(threads).contains(worker + ": " + NICE).anyMatch(thread -> thread.startsWith("VM Thread"));
        assertThat(threads)
                .filteredOn(thread -> thread.endsWith(": " + NICE))
                .allMatch(thread -> thread.matches("(Shenandoah|ZWorker|ZDriver|G1 (Conc|Main)).*"));
    }

    @Test
    void aCollectorThatStopsTheProgram_isNamed_andTheProgramGoesOn() throws Exception {
        assertThat(run(NICE, "-XX:+UseSerialGC"))
                .anyMatch(line -> line.contains("does nothing") && line.contains("-XX:+UseShenandoahGC"))
                .noneMatch(line -> line.endsWith(": " + NICE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "20", "-5", "much", ""})
    void anotherNumber_isRefused(String nice) throws Exception {
        assertThat(run(nice, "-XX:+UseSerialGC"))
                .anyMatch(line ->
                        line.contains("-Dberth.collector.nice=" + nice + ": wanted a whole number from 1 to 19"));
    }

    private static List<String> run(String nice, String collector) throws Exception {
        ProcessBuilder java = new ProcessBuilder(JavaCommand.likeThisProcess()
                        .line(
                                List.of(
                                        "-D" + CollectorThreads.NICE + "=" + nice,
                                        collector,
                                        "-XX:TieredStopAtLevel=1"),
                                List.of(),
                                List.of(NodeMain.CLASS, Child.class.getName())))
                .redirectErrorStream(true);
        java.environment().remove("JDK_JAVA_OPTIONS");
        Process child = java.start();
        try (BufferedReader lines = child.inputReader()) {
            return lines.lines().toList();
        }
    }
}
