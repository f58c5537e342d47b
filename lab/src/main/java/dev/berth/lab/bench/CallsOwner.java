package dev.berth.lab.bench;

import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.Timings;
import dev.berth.core.wire.Bytes;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.process.Processes;
import dev.berth.node.process.Raw;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.ServiceCall;
import dev.berth.node.worker.SlotService;
import java.io.IOException;
import java.util.Map;

/** The process that {@link CallsBench} calls: the cluster, the owner of a slot, a process that echoes, and the plain echoes. */
final class CallsOwner {
    static final String SERVICE = "echo";
    /** The same, and each call changes to a virtual thread and back. */
    static final String THREADED = "threaded";

    /** Answers what it got, and says that it never blocks. */
    private static final class AtOnce implements SlotService {
        @Override
        public Bytes handle(ServiceCall call) {
            return call.body();
        }

        @Override
        public boolean mayBlock() {
            return false;
        }
    }

    private CallsOwner() {}

    public static void main(String[] args) throws IOException {
        try (Echo raw = new RawEcho();
                Echo again = new RawEcho();
                Echo netty = new NettyEcho(true);
                Echo stream = new NettyEcho(false);
                DevCluster cluster = DevCluster.start(
                        Timings.DEFAULT, 1, ServicePlan.plain(SERVICE, 1), ServicePlan.plain(THREADED, 1))) {
            Node node = cluster.start(
                    cluster.node("owner").withSlots(SERVICE, 1).withSlots(THREADED, 1),
                    Map.of(SERVICE, new AtOnce(), THREADED, ServiceCall::body));
            Processes processes = node.processes();
            processes.register(SERVICE, processes.<Raw>spawn(_ -> (_, asked) -> asked.bytes()));
            OtherProcess.ready(
                    raw.serve(),
                    again.serve(),
                    netty.serve(),
                    stream.serve(),
                    cluster.name(),
                    cluster.masters().getFirst().address().getPort(),
                    cluster.secretFile());
        }
    }
}
