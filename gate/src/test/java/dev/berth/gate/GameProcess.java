package dev.berth.gate;

import dev.berth.core.cluster.Timings;
import dev.berth.core.gateway.Way;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.launch.HostPort;
import dev.berth.node.launch.Profile;
import dev.berth.node.link.Secret;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server of {@link Quay}'s group in a process of its own. It ends when whoever started it has. */
final class GameProcess implements AutoCloseable {
    /** Short, so that a dead node is expelled within seconds; whoever is slow for a while is suspended for that while only. */
    static final Timings TIMINGS = Profile.FAST.timings().dividedBy(4);

    private final Process process;
    private final HostPort at;

    GameProcess(DevCluster cluster, String name) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GameProcess.class.getName(),
                        cluster.name(),
                        cluster.secretFile().toString(),
                        HostPort.of(cluster.masters().getFirst().address()).toString(),
                        name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = said.readLine(); ; line = said.readLine()) {
            if (line == null) {
                throw new IOException("the server's process has ended before it served");
            }
            if (line.startsWith("serves at ")) {
                at = HostPort.parse(line.substring("serves at ".length()), 1).orElseThrow();
                break;
            }
        }
        Thread.startVirtualThread(() -> {
            try (said) {
                said.lines().forEach(_ -> {});
            } catch (IOException | java.io.UncheckedIOException over) {
                // Then it says nothing more.
                return;
            }
        });
    }

    HostPort at() {
        return at;
    }

    /** With -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] args) throws IOException {
        Node node = Node.start(NodeConfig.of(
                        args[0],
                        Secret.ofFile(Path.of(args[1])),
                        args[3],
                        List.of(HostPort.parse(args[2], 1).orElseThrow().address()))
                .withTimings(TIMINGS));
        Server server = Server.at(node, Quay.GROUP);
        Gate gate = Gate.open(
                node,
                GateConfig.of(Port.tcp(Haven.ANY)).withLimits(Haven.roomy()),
                Framing.shortLengths(),
                server.around((client, packet) -> client.send(packet)));
        HostPort at = HostPort.of(gate.addresses().getFirst());
        server.join(Map.of(Way.TCP, at));
        System.out.println("serves at " + at);
        while (System.in.read() >= 0) {}
        node.close();
    }
}
