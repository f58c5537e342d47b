package dev.berth.node.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.wire.Bytes;
import dev.berth.node.launch.JavaCommand;
import dev.berth.node.launch.RollCommand;
import dev.berth.node.link.Secret;
import dev.berth.node.worker.Agent;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster of processes rolls from one release to the next and back while it is used. {@code mvn -pl core,node test -Psoak
 * -Dtest=TwoReleasesTest -Dsurefire.failIfNoSpecifiedTests=false}
 */
@EnabledIfSystemProperty(named = "berth.soak", matches = "true")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TwoReleasesTest {
    private static final List<String> ALL = List.of("game-1", "game-2", "game-3", "store", "master-1", "master-2");

    @TempDir
    Path dir;

    private final List<InetSocketAddress> masters = new ArrayList<>();
    private final Callers callers = new Callers(4);
    private @Nullable Process launcher;
    private @Nullable Node gate;

    @AfterEach
    void end() throws Exception {
        callers.stop();
        Node caller = gate;
        if (caller != null) {
            caller.close();
        }
        Process running = launcher;
        if (running != null) {
            running.toHandle().destroy();
            assertThat(running.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    @Test
    @Tag("S3.43")
    void rolls_toTheNextRelease_andBack_underLoad_andNoCallFails() throws Exception {
        var earlier = Release.earlier(dir);
        var later = Release.later(dir);
        var node = start(earlier);
        var agent = node.agent(DemoWorker.SERVICE);
        callers.during("start");
        callers.start(node, 3, 8);
        awaitCalls(500);
        assertThat(releases(agent)).containsExactly("release 1 speaks 1..1");

        callers.during("to the next release");
        roll(later, ALL);
        assertThat(releases(agent)).containsExactly("release 2 speaks 1..2");
        callers.during("and back");
        roll(earlier, ALL);
        assertThat(releases(agent)).containsExactly("release 1 speaks 1..1");

        awaitCalls(callers.done.get() + 500);
        callers.stop();
        System.out.println("done " + callers.done + ", failed " + callers.failed + ", refused " + callers.refused
                + ", unknown " + callers.unknown + ", longest gap " + callers.gaps() + " ms");
        assertThat(callers.failed).hasValue(0);
        assertThat(callers.refused).hasValue(0);
        assertThat(callers.unknown).hasValue(0);
        callers.compare();
        assertThat(callers.witness.findings()).isEmpty();
    }

    private void roll(Path jar, List<String> nodes) {
        var words = new ArrayList<>(nodes);
        words.addAll(
                List.of("--jar", jar.toString(), "--state", dir.resolve("state").toString(), "--json"));
        var said = new StringWriter();
        int code = new RollCommand().run(new PrintWriter(said), new PrintWriter(said), words.toArray(String[]::new));
        System.out.println(said);
        assertThat(code).as(said.toString()).isZero();
    }

    private static TreeSet<String> releases(Agent agent) {
        var all = new TreeSet<String>();
        for (int slot = 1; slot <= 3; slot++) {
            all.add(agent.callSlot(slot, Bytes.utf8("WHO"), Duration.ofSeconds(30))
                    .utf8());
        }
        return all;
    }

    private void awaitCalls(long count) {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (callers.done.get() < count && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        assertThat(callers.done.get()).isGreaterThanOrEqualTo(count);
    }

    private Node start(Path jar) throws Exception {
        masters.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free(1)));
        masters.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free(1)));
        var file = Files.writeString(dir.resolve("c.conf"), """
            cluster = releases
            state = state
            secret-file = secret
            coordinator { port = %d }
            masters = ["127.0.0.1:%d", "127.0.0.1:%d"]
            services { kv = 3 }
            nodes {
              store { kind = store, listen = "127.0.0.1:%d", jvm = [-Xmx256m, "-XX:+UseSerialGC"] }
              game {
                kind = worker
                count = 3
                jar = "%s"
                services { kv = { slots = 3, standby = true } }
                jvm = [-Xmx128m, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
              }
            }
            """.formatted(
                        Ports.free(1), masters.get(0).getPort(), masters.get(1).getPort(), Ports.free(1), jar));
        var command = JavaCommand.likeThisProcess()
                .line(List.of("-Xmx128m"), List.of(), List.of("tool", "up", file.toString()));
        launcher = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("launcher.log").toFile())
                .start();
        var secret = dir.resolve("secret");
        while (!Files.exists(secret)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        Node caller = Node.start(NodeConfig.of("releases", Secret.ofFile(secret), "callers", masters));
        gate = caller;
        return caller;
    }
}
