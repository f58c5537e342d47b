package dev.berth.lab.bench;

import dev.berth.core.wire.Bytes;
import dev.berth.node.launch.NodeEnvironment;
import dev.berth.node.launch.NodeLine;
import dev.berth.node.worker.Agent;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import dev.berth.node.worker.ServiceCall;
import dev.berth.node.worker.Slot;
import dev.berth.node.worker.SlotService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

// Every node has sockets, threads, lease and store connection of its own, as if it were a process: only the virtual
// machine is shared. A node calls nobody until its slot is told to begin.

/** Many nodes in one launched process, each with one slot of the service. */
final class ManyNodes implements SlotService {
    /** Told to a slot: from now on call each of the others once a second. */
    static final String BEGIN = "BEGIN";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Each node calls those so many slots further on. */
    private static final List<Integer> OTHERS = List.of(1, 7, 50, 111);

    private final Map<Slot, Agent> begun = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer;
    private final CompletableFuture<Node> node = new CompletableFuture<>();

    private ManyNodes(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    public static void main(String[] args) throws Exception {
        NodeEnvironment environment = NodeEnvironment.ofThisProcess()
                .orElseThrow(() -> new IllegalStateException("started by berth bench nodes, not by hand"));
        int count = Integer.parseInt(args[0]);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        for (int i = 1; i <= count; i++) {
            NodeConfig config = NodeConfig.of(environment.withName(environment.name() + "-" + i));
            ManyNodes service = new ManyNodes(timer);
            service.node.complete(Node.start(config, Map.of(Harbor.SERVICE, service)));
        }
        System.out.println(NodeLine.serves(count + " addresses"));
        System.out.flush();
        Thread.currentThread().join();
    }

    @Override
    public Bytes handle(ServiceCall call) {
        if (call.body().utf8().equals(BEGIN)) {
            begun.computeIfAbsent(call.slot(), this::begin);
        }
        return call.body();
    }

    private Agent begin(Slot slot) {
        Agent agent = node.join().agent(Harbor.SERVICE);
        var _ = timer.scheduleAtFixedRate(
                () -> OTHERS.forEach(step -> {
                    int other = (slot.number() - 1 + step) % slot.capacity() + 1;
                    var _ = agent.callSlotAsync(other, Bytes.EMPTY, PATIENCE);
                }),
                0,
                1,
                TimeUnit.SECONDS);
        return agent;
    }
}
