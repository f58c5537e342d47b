package dev.berth.node.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.MemberStatus;
import dev.berth.core.protocol.Protocol;
import dev.berth.node.launch.JavaCommand;
import dev.berth.node.launch.Profile;
import dev.berth.node.link.Secret;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.operate.Operator;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code masters = 3} and {@code timings = fast} in a cluster file: three coordinators, three masters. What one machine of three
 * would have is killed, a coordinator and the leading master, and calls go on. {@code mvn -pl core,node test -Psoak
 * -Dtest=ThreeMastersTest -Dsurefire.failIfNoSpecifiedTests=false}
 */
@EnabledIfSystemProperty(named = "berth.soak", matches = "true")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ThreeMastersTest {
    private static final String CLUSTER = "three";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path dir;

    private final Callers callers = new Callers(4);
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        callers.stop();
        for (var each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    @Tag("S2.14")
    @Tag("S3.7")
    void oneMachineOfThreeIsLost_callsGoOn_andWhatWasLostComesBack() throws Exception {
        int port = Ports.free(3);
        var masters = new ArrayList<InetSocketAddress>();
        for (int i = 0; i < 3; i++) {
            masters.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), port + i));
        }
        up(port);
        var secret = Secret.ofFile(dir.resolve("secret"));
        var operator = new Operator(TransportConfig.of(CLUSTER, secret, Protocol.VERSIONS), masters);
        opened.add(operator);
        var gate = Node.start(NodeConfig.of(CLUSTER, secret, "callers", masters).withTimings(Profile.FAST.timings()));
        opened.add(gate);
        callers.start(gate, 2, 8);
        awaitCalls(200);
        isFast(operator);

        var before = operator.status(PATIENCE);
        callers.during("one machine of three is lost");
        kill("coordinator-1");
        kill("master-" + before.leader().substring(1));

        long end = System.nanoTime() + PATIENCE.toNanos();
        while (operator.status(PATIENCE).term() == before.term() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        awaitCalls(callers.done.get() + 1_000);
        awaitLine("coordinator-1 STARTING -> SERVING", 2);
        assertThat(Files.readString(dir.resolve("state/logs/coordinator-1.log")))
                .doesNotContain("leave --new away");

        callers.stop();
        System.out.println(callers.done + " calls, longest gap " + callers.gaps() + " ms");
        assertThat(callers.failed).hasValue(0);
        assertThat(callers.refused).hasValue(0);
        assertThat(callers.unknown).hasValue(0);
        callers.compare();
        callers.witness.told(operator.history(PATIENCE));
        assertThat(callers.witness.findings()).isEmpty();
    }

    /** The masters lease for 2 s, stretched, and members beat well within that. */
    private static void isFast(Operator operator) throws Exception {
        ClusterMessage.Status status = operator.status(PATIENCE);
        assertThat(status.view().toView().leaseNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(2));
        assertThat(status.members()).hasSize(3);
        long most = Profile.FAST.timings().stretched(TimeUnit.SECONDS.toNanos(2));
        assertThat(status.members()).extracting(MemberStatus::leaseNanos).allMatch(lease -> lease <= most);
    }

    private void up(int port) throws Exception {
        var file = Files.writeString(dir.resolve("c.conf"), """
            cluster = %s
            state = state
            secret-file = secret
            timings = fast
            coordinator { port = %d }
            masters = ["127.0.0.1:%d", "127.0.0.1:%d", "127.0.0.1:%d"]
            services { kv = 2 }
            nodes {
              store { kind = store, listen = "127.0.0.1:%d", jvm = [-Xmx256m, "-XX:+UseSerialGC"] }
              game {
                kind = worker
                count = 2
                class = %s
                services { kv = { slots = 2, standby = true } }
                jvm = [-Xmx128m, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
              }
            }
            """.formatted(
                        CLUSTER, coordinators(), port, port + 1, port + 2, Ports.free(1), DemoWorker.class.getName()));
        var command = JavaCommand.likeThisProcess()
                .line(List.of("-Xmx128m"), List.of(), List.of("tool", "up", file.toString()));
        var launcher = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("launcher.log").toFile())
                .start();
        opened.add(() -> {
            launcher.toHandle().destroy();
            assertThat(launcher.waitFor(1, TimeUnit.MINUTES)).isTrue();
        });
        awaitLine("all 9 serve", 1);
    }

    /** The first of three for clients; those for peers are 100 and 200 further. */
    private static int coordinators() {
        while (true) {
            int first = Ports.free(3);
            if (Ports.areFree(first + 101, 3) && Ports.areFree(first + 201, 3)) {
                return first;
            }
        }
    }

    private void kill(String node) throws Exception {
        var record = Files.readString(dir.resolve("state/nodes/" + node + ".pid"));
        var handle = ProcessHandle.of(Long.parseLong(record.split(" ", -1)[0])).orElseThrow();
        assertThat(handle.destroyForcibly()).isTrue();
    }

    private void awaitLine(String part, int times) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        var log = dir.resolve("launcher.log");
        while (Files.readString(log).split(part, -1).length <= times && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        assertThat(Files.readString(log).split(part, -1))
                .as(Files.readString(log))
                .hasSizeGreaterThan(times);
    }

    private void awaitCalls(long count) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (callers.done.get() < count && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        assertThat(callers.done.get()).isGreaterThanOrEqualTo(count);
    }
}
