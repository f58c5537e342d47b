package dev.berth.lab.bench;

import dev.berth.core.call.Outcome;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.Timings;
import dev.berth.core.wire.Bytes;
import dev.berth.lab.bench.Samples.Figures;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.link.Secret;
import dev.berth.node.worker.Agent;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import dev.berth.node.worker.ServiceCall;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

// Two processes: one has the cluster, the owner and two plain echoes, the other calls. Leases, admission and the
// judgement at dispatch are on, as always; the handler runs on a virtual thread, as always.

/**
 * Calls of 64 bytes through an agent, beside a blocking socket (one at a time) and bare Netty (256 at a time).
 *
 * <pre>
 * java @jvm.flags -cp "lab/target/classes:$(cat lab/target/classpath)" dev.berth.lab.bench.CallsBenchmark
 * </pre>
 */
public final class CallsBenchmark {
    private static final int WINDOW = 256;
    private static final String READY = "ready ";
    private static final String SERVICE = "echo";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private CallsBenchmark() {}

    public static void main(String[] args) throws Exception {
        if (List.of(args).contains("answer")) {
            answer();
        } else {
            measure();
        }
    }

    private static void answer() throws IOException {
        try (Echo raw = new RawEcho();
                Echo again = new RawEcho();
                Echo netty = new NettyEcho();
                DevCluster cluster = DevCluster.start(Timings.DEFAULT, 1, ServicePlan.plain(SERVICE, 1))) {
            cluster.start(cluster.node("owner").withSlots(SERVICE, 1), Map.of(SERVICE, ServiceCall::body));
            System.out.println(READY + raw.serve() + " " + again.serve() + " " + netty.serve() + " " + cluster.name()
                    + " " + cluster.masters().getFirst().address().getPort() + " " + cluster.secretFile());
            System.out.flush();
            // The measuring process keeps this open for as long as it lives.
            System.in.readAllBytes();
        }
    }

    private static void measure() throws Exception {
        Process other = other();
        try (BufferedReader out =
                        new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8));
                Echo raw = new RawEcho();
                Echo netty = new NettyEcho()) {
            String[] ready = ready(out);
            NodeConfig config = NodeConfig.of(
                    ready[3],
                    Secret.ofFile(Path.of(ready[5])),
                    "caller",
                    List.of(new InetSocketAddress(Echo.ANY.getAddress(), Integer.parseInt(ready[4]))));
            try (Node node = Node.start(config)) {
                Agent agent = node.agent(SERVICE);
                agent.callSlot(1, body(), PATIENCE);
                for (int round = 0; round < 2; round++) {
                    Figures limit = netty.measure(Integer.parseInt(ready[2]), WINDOW);
                    Figures one = raw.measure(Integer.parseInt(ready[round]), 1);
                    report(
                            one,
                            limit,
                            blocking(agent, 1),
                            async(agent, 1),
                            blocking(agent, WINDOW),
                            async(agent, WINDOW));
                }
            }
        } finally {
            other.destroy();
            other.waitFor();
        }
    }

    private static void report(
            Figures raw, Figures limit, Figures call, Figures async, Figures blocking256, Figures async256) {
        System.out.println(String.format(
                Locale.ROOT,
                "{\"raw_p50_us\":%.1f,\"call_p50_us\":%.1f,\"async_p50_us\":%.1f,\"limit_rate_256\":%.0f,"
                        + "\"async_rate_256\":%.0f,\"blocking_rate_256\":%.0f}",
                raw.p50Micros(),
                call.p50Micros(),
                async.p50Micros(),
                limit.perSecond(),
                async256.perSecond(),
                blocking256.perSecond()));
    }

    private static Bytes body() {
        return Bytes.wrap(new byte[Echo.SIZE]);
    }

    /** So many virtual threads, each with one call after the other. */
    private static Figures blocking(Agent agent, int threads) {
        Samples samples = new Samples();
        ReentrantLock lock = new ReentrantLock();
        for (int i = 0; i < threads; i++) {
            Thread.ofVirtual().start(() -> {
                boolean more = true;
                while (more) {
                    long sent = System.nanoTime();
                    agent.callSlot(1, body(), PATIENCE);
                    lock.lock();
                    try {
                        more = samples.add(sent, System.nanoTime());
                    } finally {
                        lock.unlock();
                    }
                }
            });
        }
        return samples.await();
    }

    /** So many calls under way; the end of one begins the next, on the event loop. */
    private static Figures async(Agent agent, int window) {
        Samples samples = new Samples();
        for (int i = 0; i < window; i++) {
            next(agent, samples);
        }
        return samples.await();
    }

    private static void next(Agent agent, Samples samples) {
        long sent = System.nanoTime();
        var _ = agent.callSlotAsync(1, body(), PATIENCE).thenAccept(outcome -> {
            if (!(outcome instanceof Outcome.Done<Bytes>)) {
                throw new IllegalStateException("a call ended as " + outcome);
            }
            if (samples.add(sent, System.nanoTime())) {
                next(agent, samples);
            }
        });
    }

    private static String[] ready(BufferedReader out) throws IOException {
        String line = out.readLine();
        while (line != null && !line.startsWith(READY)) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("the other process has ended without a word");
        }
        return line.substring(READY.length()).split(" ", -1);
    }

    private static Process other() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), CallsBenchmark.class.getName(), "answer"));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
