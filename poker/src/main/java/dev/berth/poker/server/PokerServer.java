package dev.berth.poker.server;

import dev.berth.core.call.Address;
import dev.berth.core.gateway.Way;
import dev.berth.core.wire.Bytes;
import dev.berth.gate.Client;
import dev.berth.gate.Ears;
import dev.berth.gate.Framing;
import dev.berth.gate.Gate;
import dev.berth.gate.GateConfig;
import dev.berth.gate.GateLimits;
import dev.berth.gate.Port;
import dev.berth.gate.Receiver;
import dev.berth.gate.Server;
import dev.berth.node.entity.Entities;
import dev.berth.node.entity.Entity;
import dev.berth.node.launch.HostPort;
import dev.berth.node.process.ProcessBusyException;
import dev.berth.node.process.Raw;
import dev.berth.node.session.Lobby;
import dev.berth.node.worker.Node;
import dev.berth.poker.wire.Packets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where clients of OpenPoker connect, as of 2008: a gate at a node, and the place of a server that gateways send to. Any thread. */
public final class PokerServer implements AutoCloseable {
    /** What is sent to the way of a connection to tell it that its player has logged in elsewhere. */
    private static final Bytes ELSEWHERE = Bytes.utf8("elsewhere");

    private static final Logger LOG = LoggerFactory.getLogger(PokerServer.class);

    private final Node node;
    private final Entities app;
    private final Lobby lobby;
    private final boolean isTest;
    private final Ears ears;
    private final Server places;
    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("poker-", 0).factory());
    private final Gate gate;

    private PokerServer(Node node, Lobby lobby, Entities app, InetSocketAddress at, boolean isTest) throws IOException {
        this.node = node;
        this.app = app;
        this.lobby = lobby;
        this.isTest = isTest;
        this.ears = Ears.at(node, app);
        this.places = Server.at(node, app.service());
        GateLimits limits =
                GateLimits.DEFAULT.withPacketMax(Packets.COMMAND_MAX).withPatience(10_000, 0);
        this.gate = Gate.open(
                node,
                GateConfig.of(Port.tcp(at)).withLimits(limits),
                Framing.shortLengths(),
                places.around(new Door()));
    }

    /**
     * Listens and lets gateways know.
     *
     * @param isTest whether anybody may make games with known cards
     */
    public static PokerServer open(Node node, Lobby lobby, Entities app, InetSocketAddress at, boolean isTest)
            throws IOException {
        PokerServer server = new PokerServer(node, lobby, app, at, isTest);
        server.places.join(Map.of(Way.TCP, HostPort.of(server.address())));
        return server;
    }

    private final class Door implements Receiver {
        @Override
        public void connected(Client client) {
            client.keep(new Line(PokerServer.this, client));
        }

        @Override
        public void packet(Client client, Bytes packet) {
            line(client).packet(packet);
        }

        @Override
        public boolean sent(Client client, Bytes message) {
            if (client.kept() instanceof Line line) {
                line.elsewhere();
            }
            return true;
        }

        @Override
        public void closed(Client client, String cause) {
            line(client).ended();
        }
    }

    private static Line line(Client client) {
        return (Line) Objects.requireNonNull(client.kept(), "a client without a line");
    }

    // ---- For its lines

    Ears ears() {
        return ears;
    }

    Lobby lobby() {
        return lobby;
    }

    boolean isTest() {
        return isTest;
    }

    <K, E extends Entity<K>> E agent(Class<E> contract, K key) {
        return app.agent(node, contract, key);
    }

    /** Nothing any more when the server is closed. */
    void work(Runnable what) {
        try {
            workers.execute(what);
        } catch (RejectedExecutionException closed) {
            LOG.debug("nothing more is done, the server is closed");
        }
    }

    /** Tells another connection that its player is elsewhere now. */
    void supersede(long way) {
        try {
            node.processes().at(new Address(way)).send(new Raw(ELSEWHERE));
        } catch (ProcessBusyException busy) {
            // It hears on, and can do nothing: the tables know the newer log-in.
            LOG.info("{} is not told that its player is elsewhere: {}", new Address(way), busy.getMessage());
        }
    }

    // ---- For its owner

    public InetSocketAddress address() {
        List<InetSocketAddress> all = gate.addresses();
        return all.getFirst();
    }

    /** Clients that are connected. */
    public int count() {
        return gate.count();
    }

    @Override
    public void close() {
        places.close();
        gate.close();
        ears.close();
        workers.shutdownNow();
    }
}
