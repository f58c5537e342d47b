package dev.berth.node.demo;

import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.node.launch.NodeEnvironment;
import dev.berth.node.worker.LaunchedNode;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import dev.berth.node.worker.Slot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A worker of the demonstration: a node with the key-value service and purses, and a hook that misbehaves once the node is over. */
public final class DemoWorker {
    static final String SERVICE = KeyValue.NAME;
    /** Its entities. */
    static final String PURSES = "purses";

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
        if (cause.startsWith("expelled")) {
            List<Grant> over = lost.stream()
                    .map(slot -> new Grant(new SlotId(slot.service(), slot.number()), slot.epoch()))
                    .toList();
            Ghost.haunt(config, over, ZOMBIE_WRITES);
        }
        LaunchedNode.end(environment.name(), cause);
    }
}
