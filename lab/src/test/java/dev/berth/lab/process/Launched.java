package dev.berth.lab.process;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.protocol.Protocol;
import dev.berth.node.demo.DemoWorker;
import dev.berth.node.launch.JavaCommand;
import dev.berth.node.launch.Profile;
import dev.berth.node.launch.RollCommand;
import dev.berth.node.link.Secret;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.operate.History;
import dev.berth.node.operate.NoAnswerException;
import dev.berth.node.operate.Operator;
import dev.berth.node.worker.CoordinatorTouches;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A cluster under leases of two seconds as {@code berth up} starts it: coordinator, two masters, a store and one worker with the
 * slots of {@code kv}, each a process. One thread.
 */
final class Launched implements AutoCloseable {
    static final String CLUSTER = "launched";
    static final int SLOTS = 2;
    static final Duration LONG = Duration.ofMinutes(1);

    private final Path dir;
    private final int coordinatorPort = freePort();
    private final List<InetSocketAddress> masters = List.of(local(freePort()), local(freePort()));
    private final Process launcher;
    private final Operator operator;
    private final Node gate;

    /**
     * Waits until every slot runs.
     *
     * @param coordinatorDir where the coordinator keeps its data
     */
    Launched(Path dir, Path coordinatorDir) throws Exception {
        this.dir = dir;
        Path file = Files.writeString(dir.resolve("c.conf"), """
            cluster = %s
            secret-file = secret
            state = state
            timings = fast
            coordinator { port = %d, dir = "%s" }
            masters = ["127.0.0.1:%d", "127.0.0.1:%d"]
            services { kv = %d }
            nodes {
              store { kind = store, listen = "127.0.0.1:%d", jvm = [-Xmx256m, "-XX:+UseSerialGC"] }
              worker {
                kind = worker
                class = %s
                services { kv = %d }
                jvm = [-Xmx128m, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
              }
            }
            """.formatted(
                        CLUSTER,
                        coordinatorPort,
                        coordinatorDir,
                        masters.get(0).getPort(),
                        masters.get(1).getPort(),
                        SLOTS,
                        freePort(),
                        DemoWorker.class.getName(),
                        SLOTS));
        ProcessBuilder builder = new ProcessBuilder(JavaCommand.likeThisProcess()
                        .line(
                                List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                                List.of(),
                                List.of("tool", "up", file.toString())))
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("launcher.log").toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE);
        // On the leash that nodes are on: it ends with this process, however that ends.
        builder.environment().put("BERTH_LAUNCHER", "tests");
        this.launcher = builder.start();
        try {
            until("every node serves", () -> launcherSaid().contains("all 5 serve"));
            Secret secret = Secret.ofFile(dir.resolve("secret"));
            this.operator = new Operator(TransportConfig.of(CLUSTER, secret, Protocol.VERSIONS), masters);
            this.gate = Node.start(NodeConfig.of(CLUSTER, secret, "callers", masters)
                    .withTimings(Profile.FAST.timings())
                    .withTouches(CoordinatorTouches.open(coordinator(), CLUSTER)));
            until("every slot runs", () -> epochs().size() == SLOTS);
        } catch (Exception | Error failed) {
            end();
            throw failed;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    String coordinator() {
        return "127.0.0.1:" + coordinatorPort;
    }

    /** Where the callers are. */
    Node gate() {
        return gate;
    }

    History journal() throws NoAnswerException, InterruptedException {
        return operator.history(LONG);
    }

    /** What a master answers that leads; asked until one does. */
    ClusterMessage.Status status() throws NoAnswerException, InterruptedException {
        return operator.status(LONG);
    }

    /** The epochs of the slots that run. */
    List<Long> epochs() throws NoAnswerException, InterruptedException {
        View view = status().view().toView();
        return List.of(1, 2).stream()
                .map(slot -> view.slot(new SlotId("kv", slot)))
                .filter(SlotState.Running.class::isInstance)
                .map(SlotState::epoch)
                .toList();
    }

    long pid(String node) throws IOException {
        String record = Files.readString(dir.resolve("state/nodes").resolve(node + ".pid"));
        return Long.parseLong(record.substring(0, record.indexOf(' ')));
    }

    /** As a machine that is frozen; {@link #thaw} lets it go on. */
    void freeze(String node) throws IOException, InterruptedException {
        signal("-STOP", node);
    }

    void thaw(String node) throws IOException, InterruptedException {
        signal("-CONT", node);
    }

    private void signal(String signal, String node) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", signal, String.valueOf(pid(node)))
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new AssertionError("kill " + signal + " " + node + " failed with " + exit);
        }
    }

    String said(String node) throws IOException {
        return Files.readString(dir.resolve("state/logs").resolve(node + ".log"));
    }

    String launcherSaid() throws IOException {
        return Files.readString(dir.resolve("launcher.log"));
    }

    /** {@code berth roll}, to its end, which must be a good one. */
    void roll(String node) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        int code = new RollCommand()
                .run(out, out, node, "--state", dir.resolve("state").toString());
        if (code != 0) {
            throw new AssertionError("berth roll " + node + " has failed: " + said);
        }
    }

    /** Something that can be seen from outside, of other processes. */
    interface Condition {
        boolean holds() throws Exception;
    }

    void until(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end || !launcher.isAlive()) {
                throw new AssertionError("waited in vain until " + what + "; the launcher said:\n" + launcherSaid());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private void end() {
        launcher.toHandle().destroy();
        launcher.onExit().completeOnTimeout(launcher, 30, TimeUnit.SECONDS).join();
        launcher.destroyForcibly();
    }

    @Override
    public void close() {
        gate.close();
        operator.close();
        end();
    }
}
