package dev.berth.node.demo;

import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.protocol.Protocol;
import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StoreOutcome;
import dev.berth.core.wire.Bytes;
import dev.berth.node.launch.NodeEnvironment;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.store.StoreClient;
import dev.berth.node.store.StoreClientConfig;
import dev.berth.node.worker.LaunchedNode;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import dev.berth.node.worker.Slot;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/** A worker of the demonstration: a node with the key-value service and purses, and a hook that misbehaves once the node is over. */
public final class DemoWorker {
    static final String SERVICE = "kv";
    /** Its entities. */
    static final String PURSES = "purses";
    /** What it prints at the end: {@code zombie tried=N accepted=M}. */
    static final String ZOMBIE = "zombie tried=";

    private static final int ZOMBIE_WRITES = 100;

    private DemoWorker() {}

    public static void main(String[] args) throws Exception {
        NodeEnvironment environment = NodeEnvironment.ofThisProcess()
                .orElseThrow(() -> new IllegalStateException("this worker is started by berth demo, not by hand"));
        ConcurrentLinkedQueue<Slot> lost = new ConcurrentLinkedQueue<>();
        NodeConfig config = NodeConfig.of(environment);
        Node node = Node.start(
                config,
                Map.of(
                        SERVICE,
                        new KeyValue(lost::add),
                        PURSES,
                        Purses.of(PURSES).code()));
        String cause = LaunchedNode.follow(node, environment.name(), node::close);
        InetSocketAddress store = config.store();
        if (store != null && cause.startsWith("expelled")) {
            haunt(config, store, List.copyOf(lost));
        }
        LaunchedNode.end(environment.name(), cause);
    }

    /** Writes under epochs that are over, straight to the store, as a process would that does not know it. */
    private static void haunt(NodeConfig config, InetSocketAddress address, List<Slot> lost) throws Exception {
        try (Loops loops = Loops.start(1);
                Transport transport = new Transport(
                        TransportConfig.of(config.cluster(), config.secret(), Protocol.VERSIONS), loops, _ -> {});
                StoreClient store = StoreClient.open(
                        transport, loops.next(), address, StoreClientConfig.DEFAULT, new SplittableRandom())) {
            store.opened().get();
            int accepted = 0;
            int tried = 0;
            for (Slot slot : lost) {
                Grant grant = new Grant(new SlotId(slot.service(), slot.number()), slot.epoch());
                List<CompletableFuture<StoreOutcome<Written>>> writes = IntStream.range(0, ZOMBIE_WRITES)
                        .mapToObj(i -> store.append(
                                grant,
                                Bytes.utf8("zombie"),
                                0,
                                new OperationId(slot.epoch(), 1L << 40 | i),
                                Bytes.EMPTY))
                        .toList();
                for (CompletableFuture<StoreOutcome<Written>> write : writes) {
                    tried++;
                    accepted += write.get() instanceof StoreOutcome.Done<Written> ? 1 : 0;
                }
            }
            LaunchedNode.say(ZOMBIE + tried + " accepted=" + accepted);
        }
    }
}
