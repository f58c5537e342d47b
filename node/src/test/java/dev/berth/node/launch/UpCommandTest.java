package dev.berth.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

// The command as a process of its own, which is asked to end, killed, and started again. Its nodes are looked at from
// outside: none may outlive it, and none of a stranger's processes may be touched.
class UpCommandTest {
    @TempDir
    Path directory;

    private final List<Process> launchers = new ArrayList<>();
    private final Ticker ticker = new Ticker();

    @AfterEach
    void endAll() throws Exception {
        for (var launcher : launchers) {
            launcher.toHandle().destroy();
        }
        for (var launcher : launchers) {
            assertThat(launcher.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    @Test
    void sigterm_endsEverything_inOrder() throws Exception {
        var launcher = up(file("10s"));
        ticker.await("all 2 serve");
        var nodes = nodes();
        assertThat(nodes).hasSize(2).allMatch(UpCommandTest::isAlive);

        launcher.toHandle().destroy();

        ticker.await("stopping: asked to by SIGINT or SIGTERM");
        ticker.await("game-2 ENDING -> STOPPED");
        assertThat(launcher.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(nodes).noneMatch(UpCommandTest::isAlive);
        assertThat(records()).isEmpty();
    }

    @Test
    void secretFile_isMadeOnce_forTheOwnerOnly() throws Exception {
        up(file("10s"));
        ticker.await("all 2 serve");
        var secret = directory.resolve("test.secret");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(secret).strip()).hasSize(44);
        assertThat(ticker.seen()).anyMatch(line -> line.contains("made the secret file " + secret));
        var before = Files.readString(secret);
        SecretFile.open(secret, line -> {});
        assertThat(secret).hasContent(before);
    }

    @Test
    void launcherKilled_itsNodesEnd() throws Exception {
        var launcher = up(file("10s"));
        ticker.await("all 2 serve");
        var nodes = nodes();

        launcher.toHandle().destroyForcibly();

        assertThat(nodes).hasSize(2);
        long end = System.nanoTime() + Ticker.LIMIT.toNanos();
        while (nodes.stream().anyMatch(UpCommandTest::isAlive) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(nodes).noneMatch(UpCommandTest::isAlive);
    }

    @Test
    void aSecondLauncher_isRefused_whileTheFirstLives() throws Exception {
        var launcher = up(file("10s"));
        ticker.await("all 2 serve");
        var err = new StringWriter();

        int code = new UpCommand()
                .run(
                        new PrintWriter(new StringWriter()),
                        new PrintWriter(err),
                        directory.resolve("c.conf").toString());

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("another launcher, process " + launcher.pid(), "end that one first");
        assertThat(nodes()).hasSize(2).allMatch(UpCommandTest::isAlive);
    }

    @Test
    void leftoversOfADeadLauncher_areEnded_beforeTheNextBegins() throws Exception {
        var launcher = up(file("300ms"));
        ticker.await("all 2 serve");
        var nodes = nodes();
        // A stopped process notices nothing, neither the end of its launcher nor SIGTERM.
        for (var node : nodes) {
            Posix.kill(node.pid(), 19);
        }
        launcher.toHandle().destroyForcibly();
        assertThat(launcher.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(nodes).hasSize(2).allMatch(UpCommandTest::isAlive);

        up(file("300ms"));

        ticker.await("was left behind by a launcher that has died: SIGTERM");
        ticker.await("was left behind and does not end: SIGKILL");
        ticker.await("all 2 serve");
        assertThat(nodes).noneMatch(UpCommandTest::isAlive);
        assertThat(nodes()).doesNotContainAnyElementsOf(nodes).hasSize(2);
    }

    @Test
    void aStrangerWithARecordedNumber_isNotTouched() throws Exception {
        var stranger = new ProcessBuilder("setsid", "sleep", "600").start();
        try (var opened = LaunchDirectory.open(directory.resolve("state"))) {
            var stamp = ProcessStamp.of(stranger.pid()).orElseThrow();
            opened.record(new LaunchDirectory.Started("game", stamp, ProcessStamp.bootId(), "up-old"));
            var said = new ArrayList<String>();

            new Leftovers(opened, said::add).end(0);

            assertThat(stranger.isAlive()).isTrue();
            assertThat(said).isEmpty();
            assertThat(opened.leftBehind()).isEmpty();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void anOldRecord_isForgotten_afterAReboot_orWhenItIsDamaged() throws Exception {
        try (var opened = LaunchDirectory.open(directory.resolve("state"))) {
            var self = ProcessStamp.of(ProcessHandle.current().pid()).orElseThrow();
            opened.record(new LaunchDirectory.Started("game", self, "another-boot", "up-old"));
            Files.writeString(directory.resolve("state/nodes/store.pid"), "12 garbage");

            assertThat(opened.leftBehind()).isEmpty();
        }
        assertThat(directory.resolve("state/nodes")).isEmptyDirectory();
    }

    @Test
    void check_showsThePlan_andStartsNothing() throws Exception {
        var out = new StringWriter();

        int code = new UpCommand()
                .run(
                        new PrintWriter(out),
                        new PrintWriter(out),
                        "--check",
                        file("10s").toString());

        assertThat(code).isZero();
        assertThat(out.toString()).contains("game-1", "game-2", Buoy.class.getName());
        assertThat(directory.resolve("state")).doesNotExist();
        assertThat(directory.resolve("test.secret")).doesNotExist();
    }

    @Test
    void aWrongFile_isAUsageError() throws Exception {
        var err = new StringWriter();
        var file = Files.writeString(directory.resolve("c.conf"), "cluster = test\nnods {}");

        int code = new UpCommand().run(new PrintWriter(err), new PrintWriter(err), file.toString());

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("berth up: " + file + ":2: nods: unknown key; did you mean nodes?");
    }

    private Path file(String grace) throws IOException {
        return Files.writeString(directory.resolve("c.conf"), """
            cluster = test
            state = state
            coordinator = "127.0.0.1:1"
            masters = 0
            grace = %s
            nodes.game {
              kind = worker
              count = 2
              class = %s
              args = [afloat]
              jvm = [-Xmx64m, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
            }
            """.formatted(grace, Buoy.class.getName()));
    }

    private Process up(Path file) throws IOException {
        var launcher = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        UpMain.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        launchers.add(launcher);
        ticker.follow(launcher.getInputStream());
        return launcher;
    }

    private List<Path> records() throws IOException {
        try (var files = Files.list(directory.resolve("state/nodes"))) {
            return files.toList();
        }
    }

    private List<ProcessStamp> nodes() throws IOException {
        var nodes = new ArrayList<ProcessStamp>();
        for (var record : records()) {
            var pid = Long.parseLong(Files.readString(record).split(" ", -1)[0]);
            ProcessStamp.of(pid).ifPresent(nodes::add);
        }
        return nodes;
    }

    private static boolean isAlive(ProcessStamp node) {
        return ProcessStamp.of(node.pid()).equals(Optional.of(node));
    }
}
