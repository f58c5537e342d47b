package dev.berth.lab.bench;

import dev.berth.core.call.Outcome;
import dev.berth.core.wire.Bytes;
import dev.berth.lab.bench.Samples.Figures;
import dev.berth.node.link.Secret;
import dev.berth.node.process.ProcessRef;
import dev.berth.node.process.Raw;
import dev.berth.node.worker.Agent;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

// One process calls. Another has the cluster, the owner of the slots, and the bare echoes; a third one the peers.
// Leases, admission and the judgement at dispatch are on, as always.

/** Calls of 64 bytes through an agent, beside a blocking socket, bare Netty, gRPC and Pekko. */
@Command(
        name = "calls",
        description = "Calls of 64 bytes between two nodes, beside a raw socket, bare Netty, gRPC and Pekko.")
final class CallsBench extends Bench {
    private static final int WINDOW = 256;
    /** The last one counts: by then everything has been compiled. */
    private static final int ROUNDS = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Parameters(paramLabel = "FIGURE", description = "Only these, such as async_rate_256; all of them otherwise.")
    private List<String> only = List.of();

    @Override
    Map<String, @Nullable Object> measure() throws Exception {
        try (OtherProcess owner = OtherProcess.ofClass(CallsOwner.class);
                OtherProcess peers = OtherProcess.ofClass(CallsPeers.class)) {
            List<String> ready = owner.words();
            List<String> others = peers.words();
            NodeConfig config = NodeConfig.of(
                    ready.get(4),
                    Secret.ofFile(Path.of(ready.get(6))),
                    "caller",
                    List.of(new InetSocketAddress(Echo.ANY.getAddress(), Integer.parseInt(ready.get(5)))));
            try (Node node = Node.start(config)) {
                Map<String, @Nullable Object> figures = Map.of();
                for (int round = 0; round < ROUNDS; round++) {
                    say("round " + (round + 1) + " of " + ROUNDS);
                    figures = new LinkedHashMap<>();
                    bare(figures, Integer.parseInt(ready.get(round)), ready);
                    calls(figures, "", node.agent(CallsOwner.SERVICE));
                    calls(figures, "threaded_", node.agent(CallsOwner.THREADED));
                    processes(figures, node);
                    peers(figures, Integer.parseInt(others.get(0)), Integer.parseInt(others.get(1)));
                }
                figures.put("pids", List.of(ProcessHandle.current().pid(), owner.pid(), peers.pid()));
                return figures;
            }
        }
    }

    private void bare(Map<String, @Nullable Object> figures, int rawPort, List<String> ready) throws Exception {
        try (Echo raw = new RawEcho();
                Echo netty = new NettyEcho(true);
                Echo stream = new NettyEcho(false)) {
            p50(figures, "raw_p50_us", () -> raw.measure(rawPort, 1));
            rate(figures, "limit_rate_256", () -> netty.measure(Integer.parseInt(ready.get(2)), WINDOW));
            rate(figures, "stream_rate_256", () -> stream.measure(Integer.parseInt(ready.get(3)), WINDOW));
        }
    }

    private void calls(Map<String, @Nullable Object> figures, String prefix, Agent agent) throws Exception {
        agent.callSlot(1, body(), PATIENCE);
        Runnable call = () -> agent.callSlot(1, body(), PATIENCE);
        p50(figures, prefix + "call_p50_us", () -> blocking(call, 1));
        p50(figures, prefix + "async_p50_us", () -> async(agent, 1));
        rate(figures, prefix + "async_rate_256", () -> async(agent, WINDOW));
        rate(figures, prefix + "blocking_rate_256", () -> blocking(call, WINDOW));
    }

    /** The same bytes to a process of the other node, by its name. */
    private void processes(Map<String, @Nullable Object> figures, Node node) throws Exception {
        ProcessRef<Raw> echo = node.processes().<Raw>find(CallsOwner.SERVICE).orElseThrow();
        Runnable call = () -> echo.call(new Raw(body()), PATIENCE);
        p50(figures, "process_call_p50_us", () -> blocking(call, 1));
        rate(figures, "process_blocking_rate_256", () -> blocking(call, WINDOW));
    }

    private void peers(Map<String, @Nullable Object> figures, int grpcPort, int pekkoPort) throws Exception {
        try (Echo grpc = new GrpcEcho();
                Echo pekko = new PekkoEcho()) {
            p50(figures, "grpc_p50_us", () -> grpc.measure(grpcPort, 1));
            rate(figures, "grpc_rate_256", () -> grpc.measure(grpcPort, WINDOW));
            p50(figures, "pekko_p50_us", () -> pekko.measure(pekkoPort, 1));
            rate(figures, "pekko_rate_256", () -> pekko.measure(pekkoPort, WINDOW));
        }
    }

    private void p50(Map<String, @Nullable Object> figures, String name, Callable<Figures> measure) throws Exception {
        if (only.isEmpty() || only.contains(name)) {
            figures.put(name, rounded(measure.call().p50Micros(), 1));
        }
    }

    private void rate(Map<String, @Nullable Object> figures, String name, Callable<Figures> measure) throws Exception {
        if (only.isEmpty() || only.contains(name)) {
            figures.put(name, Math.round(measure.call().perSecond()));
        }
    }

    private static Bytes body() {
        return Bytes.wrap(new byte[Echo.SIZE]);
    }

    /** So many virtual threads, each with one call after the other. */
    private static Figures blocking(Runnable call, int threads) {
        Samples samples = new Samples();
        for (int i = 0; i < threads; i++) {
            Thread.ofVirtual().start(() -> {
                boolean more = true;
                while (more) {
                    long sent = System.nanoTime();
                    call.run();
                    more = samples.add(sent, System.nanoTime());
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
}
