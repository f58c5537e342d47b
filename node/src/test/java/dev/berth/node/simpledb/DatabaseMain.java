package dev.berth.node.simpledb;

import dev.berth.core.cluster.Timings;
import dev.berth.node.launch.HostPort;
import dev.berth.node.link.Secret;
import dev.berth.node.worker.NodeConfig;
import java.nio.file.Path;
import java.util.List;

/** A database as a process of its own: {@code CLUSTER SECRET MASTER STORE DIVISOR NAME SLOTS}. */
final class DatabaseMain {
    private DatabaseMain() {}

    public static void main(String[] args) throws Exception {
        NodeConfig config = NodeConfig.of(
                        args[0],
                        Secret.ofFile(Path.of(args[1])),
                        args[5],
                        List.of(HostPort.parse(args[2], 1).orElseThrow().address()))
                .withStore(HostPort.parse(args[3], 1).orElseThrow().address())
                .withTimings(Timings.DEFAULT.dividedBy(Integer.parseInt(args[4])))
                .withStandby(SimpleDb.SERVICE, Integer.parseInt(args[6]));
        try (SimpleDb db = SimpleDb.start(config, null)) {
            System.out.println("over: " + db.node().ended().get());
        }
    }
}
