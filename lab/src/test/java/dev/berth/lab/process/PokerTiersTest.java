package dev.berth.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ./berth poker} with bots that play, and what the system says of its processes' files: the store writes what is played, and gateway, gates and game servers
 * have no file open to write, and leave none. Then all of these are killed at once, and it goes on. {@code mvn -pl lab -am test -Pfaults
 * -Dtest=PokerTiersTest -Dsurefire.failIfNoSpecifiedTests=false}; a minute.
 */
@EnabledOnOs(OS.LINUX)
@EnabledIfSystemProperty(named = "berth.faults", matches = "true")
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class PokerTiersTest {
    private static final List<String> FROM_MEMORY = List.of("gateway", "gate-1", "gate-2", "game-1", "game-2");
    /** Some ten actions. */
    private static final long PLAYED_BYTES = 2_000;

    @TempDir
    Path dir;

    @Test
    @Tag("S3.4")
    @Tag("S3.5")
    void onlyTheDurableTierWritesDisk_andTheOthersComeBackFromIt() throws Exception {
        try (PokerTown town = new PokerTown(dir, "--tables", "2", "--bots", "6")) {
            awaitKept();
            assertThat(written(town, "store")).isNotEmpty();
            for (String node : FROM_MEMORY) {
                assertThat(written(town, node)).as(node).isEmpty();
            }
            assertThat(files()).isNotEmpty().allMatch(PokerTiersTest::isOfTheLauncherOrDurable);

            for (String node : FROM_MEMORY) {
                town.kill(node);
            }
            awaitKept();
        }
    }

    /** The launcher keeps the lines that nodes print. */
    private static boolean isOfTheLauncherOrDurable(String file) {
        return file.matches(
                "launcher\\.log|poker/(page/.*|poker\\.(conf|secret)|\\.berth/poker/(launcher\\.lock|control/.*"
                        + "|(coordinator|logs|nodes|store)/.*))");
    }

    /** More of what is played. */
    private void awaitKept() throws IOException {
        long before = kept();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (kept() < before + PLAYED_BYTES) {
            assertThat(System.nanoTime()).as("the store keeps what is played").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private long kept() throws IOException {
        long bytes = 0;
        try (DirectoryStream<Path> logs =
                Files.newDirectoryStream(dir.resolve("poker/.berth/poker/store/rows"), "*.log")) {
            for (Path each : logs) {
                bytes += Files.size(each);
            }
        }
        return bytes;
    }

    /** Files that it has open and may write, also such as have no name any more. */
    private static List<String> written(PokerTown town, String node) throws IOException {
        Path process = Path.of("/proc/" + town.pid(node));
        List<String> files = new ArrayList<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path each : open) {
                try {
                    String target = Files.readSymbolicLink(each).toString();
                    if (target.startsWith("/") && !target.startsWith("/dev/") && mayWrite(process, each)) {
                        files.add(target);
                    }
                } catch (NoSuchFileException closedMeanwhile) {
                    // It is no file of its own any more.
                }
            }
        }
        return files;
    }

    private static boolean mayWrite(Path process, Path file) throws IOException {
        Path info = process.resolve("fdinfo").resolve(file.getFileName());
        return Files.readAllLines(info).stream()
                .filter(line -> line.startsWith("flags:"))
                .anyMatch(line ->
                        (Long.parseLong(line.substring("flags:".length()).strip(), 8) & 3) != 0);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(dir)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> dir.relativize(file).toString())
                    .toList();
        }
    }
}
