package dev.berth.node.store;

import dev.berth.core.protocol.Protocol;
import dev.berth.core.store.StoreOutcome;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Secret;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Loops and transports of a test, and clients on them; closed together. One thread. */
final class Quay implements AutoCloseable {
    static final String CLUSTER = "tests";
    static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String SECRET = "a secret of the tests, long enough";

    private final Loops loops = Loops.start(2);
    private final BlockingQueue<Throwable> bugs = new LinkedBlockingQueue<>();
    private final Transport transport = new Transport(
            TransportConfig.of(CLUSTER, Secret.of(SECRET.getBytes(StandardCharsets.UTF_8)), Protocol.VERSIONS),
            loops,
            bugs::add);
    private final List<StoreClient> clients = new ArrayList<>();

    static Path secretFile(Path directory) throws Exception {
        return Files.writeString(directory.resolve("cluster.secret"), SECRET);
    }

    Loops loops() {
        return loops;
    }

    Transport transport() {
        return transport;
    }

    BlockingQueue<Throwable> bugs() {
        return bugs;
    }

    StoreClient client(InetSocketAddress address) {
        return client(address, StoreClientConfig.DEFAULT);
    }

    StoreClient client(InetSocketAddress address, StoreClientConfig config) {
        var client = StoreClient.open(transport, loops.next(), address, config, new SplittableRandom(1));
        clients.add(client);
        return client;
    }

    static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    /** What was done; anything else fails the test. */
    static <T> T done(CompletableFuture<StoreOutcome<T>> future) throws Exception {
        return switch (await(future)) {
            case StoreOutcome.Done<T> done -> done.value();
            case StoreOutcome.Refused<T> refused -> throw new AssertionError(refused);
            case StoreOutcome.Unknown<T> unknown -> throw new AssertionError(unknown);
        };
    }

    @Override
    public void close() {
        clients.forEach(StoreClient::close);
        transport.close();
        loops.close();
    }
}
