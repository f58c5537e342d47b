package dev.berth.node.dev;

import dev.berth.core.protocol.Protocol;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Secret;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.store.StoreConfig;
import dev.berth.node.store.StoreEngine;
import dev.berth.node.store.StoreServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A store that serves on a port of this JVM. Any thread. */
record DevStore(StoreEngine engine, Loops loops, Transport transport, InetSocketAddress address)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DevStore.class);

    static DevStore open(Path directory, String cluster, Secret secret) throws IOException {
        StoreEngine engine = StoreEngine.open(StoreConfig.of(directory, cluster), DevStore::broken);
        Loops loops = Loops.start(1);
        Transport transport =
                new Transport(TransportConfig.of(cluster, secret, Protocol.VERSIONS), loops, DevStore::broken);
        InetSocketAddress address = transport.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), List.of(StoreServer.door(engine)));
        return new DevStore(engine, loops, transport, address);
    }

    private static void broken(Throwable why) {
        LOG.error("the store has stopped", why);
    }

    @Override
    public void close() {
        transport.close();
        loops.close();
        engine.close();
    }
}
