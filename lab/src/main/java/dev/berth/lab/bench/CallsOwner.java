package dev.berth.lab.bench;

import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.Timings;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.worker.ServiceCall;
import java.io.IOException;
import java.util.Map;

/** The process that {@link CallsBench} calls: the cluster, the owner of a slot, and the plain echoes. */
final class CallsOwner {
    static final String SERVICE = "echo";

    private CallsOwner() {}

    public static void main(String[] args) throws IOException {
        try (Echo raw = new RawEcho();
                Echo again = new RawEcho();
                Echo netty = new NettyEcho(true);
                Echo stream = new NettyEcho(false);
                DevCluster cluster = DevCluster.start(Timings.DEFAULT, 1, ServicePlan.plain(SERVICE, 1))) {
            cluster.start(cluster.node("owner").withSlots(SERVICE, 1), Map.of(SERVICE, ServiceCall::body));
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
