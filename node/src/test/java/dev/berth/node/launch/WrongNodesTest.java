package dev.berth.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.ServicePlan;
import dev.berth.node.demo.DemoWorker;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.worker.NodeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

// A launcher starts what cannot join: a name that somebody has, another secret, another cluster. Who looks at the
// launcher's lines, or at the log that they name, is told why.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WrongNodesTest {
    @TempDir
    Path dir;

    private final Ticker ticker = new Ticker();
    private DevCluster cluster;
    private LaunchDirectory directory;
    private @Nullable Supervisor supervisor;

    @BeforeEach
    void open() throws Exception {
        cluster = DevCluster.start(Profile.FAST.timings(), 1, ServicePlan.plain("kv", 2));
        directory = LaunchDirectory.open(dir.resolve("state"));
    }

    @AfterEach
    void close() throws Exception {
        var running = supervisor;
        if (running != null) {
            running.stop("the test is over");
            running.await();
        }
        directory.close();
        cluster.close();
    }

    @Test
    @Tag("S4.4")
    void aNameThatALivingNodeHas_isRefused_andTheLauncherSaysSo() throws Exception {
        cluster.start(cluster.node("game"), Map.of());

        start(environment(cluster.name(), cluster.secretFile()));

        ticker.await("ended with code 1 saying 'game ends: refused: NAME_TAKEN, member game (n");
        ticker.await("game RESTING -> STARTING");
    }

    @Test
    void anotherSecret_isSaidInTheLog() throws Exception {
        var secret = Files.writeString(dir.resolve("secret"), "not the one that all the others have");

        start(environment(cluster.name(), secret));

        awaitLog("the secret");
    }

    @Test
    void anotherCluster_isSaidInTheLog() throws Exception {
        start(environment("another", cluster.secretFile()));

        awaitLog("it belongs to another cluster; check the address and the cluster's name");
    }

    @Test
    void fastTimings_reachTheNode() throws Exception {
        var environment = NodeEnvironment.of(
                        environment(cluster.name(), cluster.secretFile()).variables())
                .orElseThrow();

        assertThat(NodeConfig.of(environment).timings()).isEqualTo(Profile.FAST.timings());
    }

    private NodeEnvironment environment(String name, Path secret) {
        return new NodeEnvironment(
                name,
                secret,
                "game",
                "up-test",
                List.of(HostPort.of(cluster.masters().getFirst().address())),
                "127.0.0.1:1",
                Profile.FAST,
                new HostPort(HostPort.LOOPBACK, 0),
                HostPort.ANY,
                List.of(),
                List.of(),
                List.of(),
                dir);
    }

    private void start(NodeEnvironment environment) {
        var command = JavaCommand.likeThisProcess()
                .line(
                        List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                        List.of(),
                        List.of(NodeMain.CLASS, DemoWorker.class.getName()));
        var started =
                launch(List.of(new LaunchPlan.Item("game", NodeKind.WORKER, "", "", command, environment.variables())));
        supervisor = started;
        started.start();
    }

    private Supervisor launch(List<LaunchPlan.Item> items) {
        return new Supervisor(
                SupervisorTest.file(dir.resolve("state"), Duration.ofSeconds(10)),
                new LaunchPlan(items),
                directory,
                "up-test",
                (_, _) -> {},
                ticker);
    }

    private void awaitLog(String part) throws Exception {
        ticker.await("game WAITING -> STARTING");
        long end = System.nanoTime() + Ticker.LIMIT.toNanos();
        var log = directory.log("game");
        while ((!Files.exists(log) || !Files.readString(log).contains(part)) && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        assertThat(Files.readString(log)).contains(part);
    }
}
