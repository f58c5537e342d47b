package dev.berth.lab.bench;

import dev.berth.core.wire.Bytes;
import dev.berth.gate.Gate;
import dev.berth.gate.GateConfig;
import dev.berth.gate.Port;
import dev.berth.gate.SessionGate;
import dev.berth.node.UserApp;
import dev.berth.node.entity.Entities;
import dev.berth.node.link.Secret;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Processes;
import dev.berth.node.process.Raw;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

// It owns nothing: gates only. Clients of the second one have event loops of their own, to see what a hop costs.

/** A gate's process, which {@link GateBench} measures and kills. */
final class GateHost {
    /** Words per second and client: what a gate lets through otherwise is for people. */
    private static final int FRAMES = 100_000;

    private static final int CLIENTS = 19_000;

    // Which of the ports that it says is whose.

    /** Asks the town's echo, on the loop of the node's links. */
    static final int RELAY = 0;
    /** The same on a loop of its own. */
    static final int OWN_LOOP = 1;

    static final int SESSIONS = 2;

    private GateHost() {}

    static NodeConfig node(String name, List<String> town) throws IOException {
        return NodeConfig.of(
                town.get(2),
                Secret.ofFile(Path.of(town.get(4))),
                name,
                List.of(Echo.at(Integer.parseInt(town.get(3)))));
    }

    /** Names are told to a node a moment after it is listed. */
    static ProcessRef<Raw> find(Processes processes, String name) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < end) {
            Optional<ProcessRef<Raw>> found = processes.find(name);
            if (found.isPresent()) {
                return found.get();
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        throw new IOException("nobody is called " + name);
    }

    /** @param args the node's name, and what the town says */
    public static void main(String[] args) throws IOException, InterruptedException {
        UserApp<Long> town = GateTown.app();
        Entities app = town.entities();
        List<String> all = List.of(args);
        String name = all.getFirst();
        try (Node node = Node.start(node(name, all.subList(1, all.size())).withMessages(app.messages()))) {
            Processes processes = node.processes();
            ProcessRef<Raw> answers = find(processes, GateTown.ECHO);
            processes.register(name, processes.<Raw>spawn(_ -> (_, _) -> Bytes.utf8(String.valueOf(heap()))));
            GateConfig config = GateConfig.of(Port.tcp(Echo.ANY));
            var defaults = dev.berth.core.session.GateLimits.DEFAULT;
            try (Gate shared = GateTown.relay(node, answers, 0);
                    Gate apart = GateTown.relay(node, answers, 1);
                    SessionGate sessions = SessionGate.open(
                            town.lobby(node, app),
                            config.withLimits(config.limits()
                                    .withClients(CLIENTS, config.limits().clientsPerAddress())),
                            new dev.berth.core.session.GateLimits(
                                    defaults.loginNanos(),
                                    defaults.enterNanos(),
                                    defaults.idleNanos(),
                                    FRAMES,
                                    FRAMES))) {
                OtherProcess.ready(
                        GateTown.port(shared),
                        GateTown.port(apart),
                        sessions.addresses().getFirst().getPort());
            }
        }
    }

    /** After collections, until two in a row find the same. */
    private static long heap() {
        var memory = ManagementFactory.getMemoryMXBean();
        long former = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            System.gc();
            long now = memory.getHeapMemoryUsage().getUsed();
            if (now == former) {
                break;
            }
            former = now;
        }
        return former;
    }
}
