package dev.berth.lab.bench;

import dev.berth.core.protocol.Protocol;
import dev.berth.core.store.StoreMessage.StoreStatus;
import dev.berth.core.store.StoreOutcome;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.store.StoreClient;
import dev.berth.node.store.StoreClientConfig;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks at a {@link Harbor}'s store before and after a measurement. One thread. */
final class StoreProbe implements AutoCloseable {
    private final Loops loops = Loops.start(1);
    private final Transport transport;
    private final StoreClient store;

    StoreProbe(Harbor harbor) throws Exception {
        transport = new Transport(
                TransportConfig.of(Harbor.CLUSTER, harbor.secret(), Protocol.VERSIONS),
                loops,
                Throwable::printStackTrace);
        store = StoreClient.open(
                transport, loops.next(), harbor.store(), StoreClientConfig.DEFAULT, new SplittableRandom(1));
        store.opened().get(60, TimeUnit.SECONDS);
    }

    StoreStatus status() throws Exception {
        StoreOutcome<StoreStatus> outcome = store.status().get(60, TimeUnit.SECONDS);
        if (outcome instanceof StoreOutcome.Done<StoreStatus> done) {
            return done.value();
        }
        throw new IllegalStateException("the store does not say how it is: " + outcome);
    }

    /** What the disk had to do since then. */
    void put(Map<String, @Nullable Object> figures, StoreStatus before) throws Exception {
        StoreStatus after = status();
        long fsyncs = after.fsyncs() - before.fsyncs();
        double writes = after.acknowledged() - before.acknowledged();
        figures.put("fsyncs", fsyncs);
        figures.put("ops_per_fsync", Bench.rounded(writes / Math.max(1, fsyncs), 1));
        figures.put("fsync_p50_ms", Bench.rounded(after.fsyncP50Micros() / 1e3, 3));
    }

    @Override
    public void close() {
        store.close();
        transport.close();
        loops.close();
    }
}
