package dev.berth.gate;

import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.gateway.Way;
import dev.berth.core.wire.Bytes;
import dev.berth.node.dev.DevCluster;
import dev.berth.node.launch.HostPort;
import dev.berth.node.worker.Node;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Servers and gateways of a cluster in this JVM, for clients of 2008: who plays is answered what he has said. */
final class Quay implements AutoCloseable {
    static final String GROUP = "poker";
    /** Long enough for a loaded machine to answer within, short enough to wait for. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    /** A server with its node. */
    record Berthed(Node node, Server server, Gate gate) {
        InetSocketAddress at() {
            return gate.addresses().getFirst();
        }
    }

    /** A handoff whose clients wait for a shorter time. */
    record Hasty(Handoff its, Duration patience) implements Handoff {
        @Override
        public Framing framing() {
            return its.framing();
        }

        @Override
        public boolean clientSpeaksFirst() {
            return its.clientSpeaksFirst();
        }

        @Override
        public void heard(Bytes packet) throws MalformedPacketException {
            its.heard(packet);
        }

        @Override
        public Bytes to(HostPort server) {
            return its.to(server);
        }

        @Override
        public Optional<Bytes> noPlace(String why, int retryMillis) {
            return its.noPlace(why, retryMillis);
        }
    }

    final DevCluster cluster;
    final Node calls;
    private final List<Gateway> open = new ArrayList<>();
    private int nodes;

    Quay() throws IOException {
        this(DevCluster.start());
    }

    Quay(DevCluster cluster) throws IOException {
        this.cluster = cluster;
        this.calls = cluster.start(cluster.node("calls"), Map.of());
    }

    Node node() throws IOException {
        return cluster.start(cluster.node("n" + ++nodes), Map.of());
    }

    void places(int most) {
        var decision = calls.ask(new Proposal.SetSetting(SettingsCatalog.GATE_PLACES, String.valueOf(most)))
                .join();
        if (!decision.accepted()) {
            throw new AssertionError(decision.reason());
        }
    }

    /** Returns before the gateways know of it. */
    Berthed server() throws IOException {
        Node node = node();
        Server server = Server.at(node, GROUP);
        Gate gate = Gate.open(
                node,
                GateConfig.of(Port.tcp(Haven.ANY)).withLimits(Haven.roomy()),
                Framing.shortLengths(),
                server.around((client, packet) -> client.send(packet)));
        Berthed berthed = new Berthed(node, server, gate);
        server.join(Map.of(Way.TCP, HostPort.of(berthed.at())));
        return berthed;
    }

    Gateway gateway(Handoff speaks) throws IOException {
        return gateway(speaks, Haven.roomy());
    }

    Gateway gateway(Handoff speaks, GateLimits limits) throws IOException {
        Gateway gateway =
                Gateway.open(node(), GROUP, GateConfig.of(Port.tcp(Haven.ANY)).withLimits(limits), speaks);
        open.add(gateway);
        return gateway;
    }

    Gateway oldGateway() throws IOException {
        return gateway(new Hasty(Handoff.openPoker(), PATIENCE));
    }

    /** Until every node has this many servers in its view. */
    void awaitServers(int many) {
        ServerGroup group = new ServerGroup(GROUP);
        Haven.eventually(
                many + " servers are in the group",
                () -> calls.view() != null && group.all(calls.view()).size() == many);
    }

    /** Where the gateway sends a client of 2008; nothing if it closes without a word. */
    static Optional<HostPort> handedTo(InetSocketAddress gateway) throws IOException {
        try (Plug plug = new Plug(gateway)) {
            return handedTo(plug);
        }
    }

    static Optional<HostPort> handedTo(Plug plug) throws IOException {
        byte[] packet;
        try {
            packet = packet(plug);
        } catch (EOFException closed) {
            return Optional.empty();
        }
        if (packet[0] != 36 || packet.length != 4 + packet[3]) {
            throw new AssertionError("no HANDOFF of OpenPoker: " + Bytes.wrap(packet));
        }
        String rest = plug.toTheEnd();
        if (!rest.isEmpty()) {
            throw new AssertionError("the gateway has said more: " + rest);
        }
        int port = ByteBuffer.wrap(packet).getShort(1) & 0xffff;
        return Optional.of(new HostPort(new String(packet, 4, packet[3], StandardCharsets.ISO_8859_1), port));
    }

    private static byte[] packet(Plug plug) throws IOException {
        return plug.exactly(ByteBuffer.wrap(plug.exactly(2)).getShort() & 0xffff);
    }

    /** A client that plays; nothing if the server has closed its connection instead. */
    static Optional<Plug> playing(InetSocketAddress server) throws IOException {
        Plug plug = new Plug(server);
        try {
            plug.raw((byte) 0, (byte) 2, (byte) 'h', (byte) 'i');
            if (!new String(packet(plug), StandardCharsets.ISO_8859_1).equals("hi")) {
                throw new AssertionError("another answer");
            }
            return Optional.of(plug);
        } catch (IOException closed) {
            plug.close();
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        open.forEach(Gateway::close);
        cluster.close();
    }
}
