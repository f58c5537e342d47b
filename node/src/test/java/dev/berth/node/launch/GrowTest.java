package dev.berth.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

// A launcher runs one coordinator, into which something is written; then its file names three masters. The launcher
// must refuse, and what it says is done word by word: the ensemble that it starts then has what was written.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class GrowTest {
    private static final String ONE = "--only=coordinator";
    private static final String THREE = "--only=coordinator-1,coordinator-2,coordinator-3";

    @TempDir
    Path directory;

    private final List<Process> launchers = new ArrayList<>();

    @AfterEach
    void endAll() throws InterruptedException {
        for (var launcher : launchers) {
            end(launcher);
        }
    }

    @Test
    void threeMastersInsteadOfOne_areRefused_untilTheCoordinatorsDataAreCopied() throws Exception {
        int port = free();
        var ticker = new Ticker();
        var one = up(file(1, port), ticker, ONE);
        ticker.await("all 1 serve");
        var client = new ZooKeeper("127.0.0.1:" + port, 30_000, _ -> {});
        client.create("/kept", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.close();
        end(one);

        var refusing = new Ticker();
        var refused = up(file(3, port), refusing, THREE);
        var said = refusing.await("1 of 3 coordinators has data");
        assertThat(refused.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(refused.exitValue()).isEqualTo(1);
        assertThat(said).contains("coordinator.servers = 1 in the cluster file");

        var remedy = Pattern.compile("what it has: (rm .*?)\\. If").matcher(said);
        assertThat(remedy.find()).as(said).isTrue();
        // As a server has it that has waited with empty ones.
        Files.writeString(directory.resolve("state/coordinator/1/data/myid"), "1");
        assertThat(new ProcessBuilder("sh", "-c", remedy.group(1))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        var growing = new Ticker();
        up(file(3, port), growing, THREE);
        growing.await("all 3 serve");
        client = new ZooKeeper("127.0.0.1:" + (port + 2), 30_000, _ -> {});
        assertThat(client.exists("/kept", false)).isNotNull();
        client.close();
    }

    private static void end(Process launcher) throws InterruptedException {
        launcher.toHandle().destroy();
        assertThat(launcher.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }

    private Path file(int masters, int port) throws IOException {
        return Files.writeString(directory.resolve("c.conf"), """
            cluster = test
            state = state
            masters = %d
            coordinator.port = %d
            """.formatted(masters, port));
    }

    /** A port with those that three servers need beside it. */
    private static int free() throws IOException {
        while (true) {
            int port;
            try (var probe = listen(0)) {
                port = probe.getLocalPort();
            }
            if (port < CoordinatorSpec.Embedded.PORT_MAX && allFree(port)) {
                return port;
            }
        }
    }

    private static boolean allFree(int port) {
        for (int beside : List.of(0, 1, 2, 101, 102, 103, 201, 202, 203)) {
            try (var probe = listen(port + beside)) {
                assertThat(probe.isBound()).isTrue();
            } catch (IOException taken) {
                return false;
            }
        }
        return true;
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }

    private Process up(Path file, Ticker ticker, String only) throws IOException {
        var launcher = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        UpMain.class.getName(),
                        only,
                        file.toString())
                .redirectErrorStream(true)
                .start();
        launchers.add(launcher);
        ticker.follow(launcher.getInputStream());
        return launcher;
    }
}
