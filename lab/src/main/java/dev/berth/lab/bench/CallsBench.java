package dev.berth.lab.bench;

import dev.berth.core.call.Outcome;
import dev.berth.core.wire.Bytes;
import dev.berth.lab.bench.Samples.Figures;
import dev.berth.node.link.Secret;
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
import java.util.concurrent.locks.ReentrantLock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

// Two processes: one has the cluster, the owner and two plain echoes, the other calls. Leases, admission and the
// judgement at dispatch are on, as always; the handler runs on a virtual thread, as always.

/**
 * Calls of 64 bytes through an agent, beside a blocking socket (one at a time) and bare Netty (256 at a time).
 */
@Command(name = "calls", description = "Calls of 64 bytes between two nodes, beside a raw socket and bare Netty.")
final class CallsBench extends Bench {
    private static final int WINDOW = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Parameters(paramLabel = "FIGURE", description = "Only these, such as async_rate_256; all of them otherwise.")
    private List<String> only = List.of();

    @Override
    Map<String, Object> measure() throws Exception {
        try (OtherProcess other = OtherProcess.ofClass(CallsOwner.class);
                Echo raw = new RawEcho();
                Echo netty = new NettyEcho(true);
                Echo stream = new NettyEcho(false)) {
            List<String> ready = other.words();
            NodeConfig config = NodeConfig.of(
                    ready.get(4),
                    Secret.ofFile(Path.of(ready.get(6))),
                    "caller",
                    List.of(new InetSocketAddress(Echo.ANY.getAddress(), Integer.parseInt(ready.get(5)))));
            try (Node node = Node.start(config)) {
                Agent agent = node.agent(CallsOwner.SERVICE);
                agent.callSlot(1, body(), PATIENCE);
                Agent threaded = node.agent(CallsOwner.THREADED);
                threaded.callSlot(1, body(), PATIENCE);
                Map<String, Object> figures = Map.of();
                for (int round = 0; round < 2; round++) {
                    say("round " + (round + 1) + " of 2");
                    figures = new LinkedHashMap<>();
                    int rawPort = Integer.parseInt(ready.get(round));
                    int nettyPort = Integer.parseInt(ready.get(2));
                    int streamPort = Integer.parseInt(ready.get(3));
                    p50(figures, "raw_p50_us", () -> raw.measure(rawPort, 1));
                    p50(figures, "call_p50_us", () -> blocking(agent, 1));
                    p50(figures, "async_p50_us", () -> async(agent, 1));
                    rate(figures, "stream_rate_256", () -> stream.measure(streamPort, WINDOW));
                    rate(figures, "limit_rate_256", () -> netty.measure(nettyPort, WINDOW));
                    rate(figures, "async_rate_256", () -> async(agent, WINDOW));
                    rate(figures, "blocking_rate_256", () -> blocking(agent, WINDOW));
                    p50(figures, "threaded_call_p50_us", () -> blocking(threaded, 1));
                    rate(figures, "threaded_async_rate_256", () -> async(threaded, WINDOW));
                }
                figures.put("pids", List.of(ProcessHandle.current().pid(), other.pid()));
                return figures;
            }
        }
    }

    private void p50(Map<String, Object> figures, String name, Callable<Figures> measure) throws Exception {
        if (only.isEmpty() || only.contains(name)) {
            figures.put(name, rounded(measure.call().p50Micros(), 1));
        }
    }

    private void rate(Map<String, Object> figures, String name, Callable<Figures> measure) throws Exception {
        if (only.isEmpty() || only.contains(name)) {
            figures.put(name, Math.round(measure.call().perSecond()));
        }
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
}
