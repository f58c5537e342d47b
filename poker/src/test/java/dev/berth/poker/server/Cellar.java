package dev.berth.poker.server;

import dev.berth.core.protocol.Protocol;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Secret;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.store.StoreConfig;
import dev.berth.node.store.StoreEngine;
import dev.berth.node.store.StoreServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A store that goes down and comes up again at the same port with what it had on disk. One thread. */
final class Cellar implements AutoCloseable {
    private record Open(StoreEngine engine, Loops loops, Transport transport, InetSocketAddress address) {}

    private final DevCluster cluster;
    private final Path dir = Files.createTempDirectory("berth-cellar");
    private final InetSocketAddress address;
    private @Nullable Open open;

    Cellar(DevCluster cluster) throws IOException {
        this.cluster = cluster;
        Open first = open(0);
        open = first;
        address = first.address;
    }

    private Open open(int port) throws IOException {
        StoreEngine engine = StoreEngine.open(StoreConfig.of(dir, cluster.name()), _ -> {});
        Loops loops = Loops.start(1);
        Transport transport = new Transport(
                TransportConfig.of(cluster.name(), Secret.ofFile(cluster.secretFile()), Protocol.VERSIONS),
                loops,
                _ -> {});
        InetSocketAddress at = transport.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), List.of(StoreServer.door(engine)));
        return new Open(engine, loops, transport, at);
    }

    InetSocketAddress address() {
        return address;
    }

    void down() {
        Open now = open;
        open = null;
        if (now != null) {
            now.transport.close();
            now.loops.close();
            now.engine.close();
        }
    }

    void up() throws IOException {
        open = open(address.getPort());
    }

    @Override
    public void close() {
        down();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
