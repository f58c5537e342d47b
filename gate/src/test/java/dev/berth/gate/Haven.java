package dev.berth.gate;

import dev.berth.core.call.Address;
import dev.berth.core.cluster.NodeId;
import dev.berth.core.wire.Bytes;
import dev.berth.node.link.Loops;
import dev.berth.node.process.Processes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Loops and processes without a cluster, and a receiver that remembers: what a gate needs. */
final class Haven implements Receiver, AutoCloseable {
    static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    /** A client that was told. */
    record Ended(Client client, String cause) {}

    /** A packet that has come. */
    record Said(Client client, Bytes packet) {}

    final Loops loops = Loops.start(1);
    final Processes processes = new Processes(Address.of(new NodeId(1), 0), 2, () -> true);
    final LinkedBlockingQueue<Client> connected = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Said> said = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Ended> ended = new LinkedBlockingQueue<>();

    Gate open(GateConfig config, Framing framing, Receiver receiver) throws IOException {
        return Gate.open(loops, processes, config, framing, receiver);
    }

    /** One that remembers here. */
    Gate open(GateConfig config, Framing framing) throws IOException {
        return open(config, framing, this);
    }

    @Override
    public void connected(Client client) {
        connected.add(client);
    }

    @Override
    public void packet(Client client, Bytes packet) {
        said.add(new Said(client, packet));
    }

    @Override
    public void closed(Client client, String cause) {
        ended.add(new Ended(client, cause));
    }

    static <T> T next(LinkedBlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(60, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came for a minute");
        }
        return next;
    }

    static double refused(Gate gate, String reason) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        gate.measure(meters);
        return meters.get("berth.gate.refused")
                .tag("reason", reason)
                .functionCounter()
                .count();
    }

    /** Limits that nothing here meets by accident. */
    static GateLimits roomy() {
        return GateLimits.DEFAULT
                .withClients(16_000, 16_000)
                .withConnectsPerSecond(100_000)
                .withPlacesPerAddress(100_000);
    }

    static void eventually(String what, BooleanSupplier true_) {
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!true_.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("not within a minute: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() {
        processes.close();
        loops.close();
    }
}
