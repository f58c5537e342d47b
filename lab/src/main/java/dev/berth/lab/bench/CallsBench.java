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
import java.util.concurrent.locks.ReentrantLock;
import picocli.CommandLine.Command;

// Two processes: one has the cluster, the owner and two plain echoes, the other calls. Leases, admission and the
// judgement at dispatch are on, as always; the handler runs on a virtual thread, as always.

/**
 * Calls of 64 bytes through an agent, beside a blocking socket (one at a time) and bare Netty (256 at a time).
 */
@Command(name = "calls", description = "Calls of 64 bytes between two nodes, beside a raw socket and bare Netty.")
final class CallsBench extends Bench {
    private static final int WINDOW = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    Map<String, Object> measure() throws Exception {
        try (OtherProcess other = OtherProcess.ofClass(CallsOwner.class);
                Echo raw = new RawEcho();
                Echo netty = new NettyEcho()) {
            List<String> ready = other.words();
            NodeConfig config = NodeConfig.of(
                    ready.get(3),
                    Secret.ofFile(Path.of(ready.get(5))),
                    "caller",
                    List.of(new InetSocketAddress(Echo.ANY.getAddress(), Integer.parseInt(ready.get(4)))));
            try (Node node = Node.start(config)) {
                Agent agent = node.agent(CallsOwner.SERVICE);
                agent.callSlot(1, body(), PATIENCE);
                Map<String, Object> figures = Map.of();
                for (int round = 0; round < 2; round++) {
                    say("round " + (round + 1) + " of 2");
                    int rawPort = Integer.parseInt(ready.get(round));
                    figures = round(agent, raw, rawPort, netty, Integer.parseInt(ready.get(2)));
                }
                figures.put("pids", List.of(ProcessHandle.current().pid(), other.pid()));
                return figures;
            }
        }
    }

    private static Map<String, Object> round(Agent agent, Echo raw, int rawPort, Echo netty, int nettyPort)
            throws Exception {
        Map<String, Object> figures = new LinkedHashMap<>();
        Figures limit = netty.measure(nettyPort, WINDOW);
        figures.put("raw_p50_us", rounded(raw.measure(rawPort, 1).p50Micros(), 1));
        figures.put("call_p50_us", rounded(blocking(agent, 1).p50Micros(), 1));
        figures.put("async_p50_us", rounded(async(agent, 1).p50Micros(), 1));
        figures.put("limit_rate_256", Math.round(limit.perSecond()));
        figures.put("async_rate_256", Math.round(async(agent, WINDOW).perSecond()));
        figures.put("blocking_rate_256", Math.round(blocking(agent, WINDOW).perSecond()));
        return figures;
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
