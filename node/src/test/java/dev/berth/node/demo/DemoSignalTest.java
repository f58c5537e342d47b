package dev.berth.node.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

// The demonstration as a process of its own gets a signal as soon as some of its nodes run. Its nodes and its directory
// are looked for afterwards. SIGTERM stands for SIGINT too, which a process that was started in the background ignores.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DemoSignalTest {
    @TempDir
    Path temporary;

    private final List<Process> demos = new ArrayList<>();

    @AfterEach
    void endAll() throws InterruptedException {
        for (var demo : demos) {
            demo.destroyForcibly();
            assertThat(demo.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    @Test
    void sigterm_leavesNothingBehind() throws Exception {
        var demo = demo();
        var nodes = someNodes(demo);

        demo.toHandle().destroy();

        assertThat(demo.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(nodes).isNotEmpty().noneMatch(ProcessHandle::isAlive);
        assertThat(directories()).isEmpty();
        assertThat(said()).contains("nothing is left behind");
    }

    @Test
    void sigterm_withKeep_leavesTheDirectory() throws Exception {
        var demo = demo("--keep");
        var nodes = someNodes(demo);

        demo.toHandle().destroy();

        assertThat(demo.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(nodes).isNotEmpty().noneMatch(ProcessHandle::isAlive);
        assertThat(said()).contains("logs and data are in " + directories().getFirst());
    }

    private Process demo(String... options) throws IOException {
        var words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                DemoMain.class.getName()));
        words.addAll(List.of(options));
        var demo = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("said").toFile())
                .start();
        demos.add(demo);
        return demo;
    }

    /** Waits until the launcher has started nodes, and tells who they and their launcher are. */
    private List<ProcessHandle> someNodes(Process demo) throws IOException, InterruptedException {
        while (true) {
            var all = demo.descendants().toList();
            if (all.size() > 1 && directories().stream().anyMatch(DemoSignalTest::hasNodes)) {
                return all;
            }
            assertThat(demo.waitFor(20, TimeUnit.MILLISECONDS)).as(said()).isFalse();
        }
    }

    private static boolean hasNodes(Path directory) {
        return Files.isReadable(directory.resolve("state/logs/coordinator.log"));
    }

    private List<Path> directories() throws IOException {
        try (var files = Files.newDirectoryStream(temporary, "berth-demo*")) {
            var found = new ArrayList<Path>();
            files.forEach(found::add);
            return found;
        }
    }

    private String said() throws IOException {
        return Files.readString(temporary.resolve("said"));
    }
}
