package dev.berth.node.master;

import dev.berth.core.PublicApi;
import dev.berth.core.cluster.MasterConfig;
import dev.berth.core.protocol.Protocol;
import dev.berth.node.coordinator.CoordinatorConfig;
import dev.berth.node.coordinator.MasterNode;
import dev.berth.node.launch.HostPort;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Secret;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.lookout.Lookout;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A master that serves members on a port. Several are started with the same configuration but for name and port; one leads,
 * the others stand by. Any thread may call it.
 */
@PublicApi
public final class MasterServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MasterServer.class);

    private final Loops loops = Loops.start(1);
    private final String name;
    private final MasterNode master;
    private final TransportLinks links;
    private volatile @Nullable Lookout lookout;
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    private MasterServer(
            MasterConfig config, String cluster, Secret secret, InetSocketAddress listen, String coordinator) {
        this.name = config.name();
        Transport transport = new Transport(
                TransportConfig.of(cluster, secret, Protocol.VERSIONS), loops, thrown -> halt(config.name(), thrown));
        this.links = new TransportLinks(transport, listen);
        this.master = new MasterNode(
                config, new CoordinatorConfig(coordinator, cluster), links, thrown -> halt(config.name(), thrown));
    }

    /**
     * Listens and stands for election; returns at once.
     *
     * @param config its name, all masters, and the services of a new cluster with their capacities
     * @param coordinator where ZooKeeper is: host:port,host:port
     * @throws java.io.UncheckedIOException when it cannot listen
     */
    public static MasterServer start(
            MasterConfig config, String cluster, Secret secret, InetSocketAddress listen, String coordinator) {
        MasterServer server = new MasterServer(config, cluster, secret, listen, coordinator);
        server.master.start();
        return server;
    }

    /** Where members connect. */
    public InetSocketAddress address() {
        InetSocketAddress bound = links.bound();
        if (bound == null) {
            throw new IllegalStateException("it has not been started");
        }
        return bound;
    }

    /**
     * Shows /metrics, /live and /ready to whoever can reach the address.
     *
     * @param http port 0 for any
     * @return where, as a URL
     * @throws IOException when it cannot listen
     */
    public String show(HostPort http) throws IOException {
        Lookout opened = Lookout.open(loops, http);
        opened.show(new MasterWatch(name, master, ended));
        lookout = opened;
        return opened.url();
    }

    /** Completed with the cause when it is over. */
    public CompletableFuture<String> ended() {
        return ended.copy();
    }

    private void halt(String name, Throwable thrown) {
        LOG.error("master {} ends: {}", name, thrown.getMessage());
        ended.complete("halted: " + thrown.getMessage());
    }

    /** Stops in good order: its successor need not wait. */
    @Override
    public void close() {
        Lookout opened = lookout;
        if (opened != null) {
            opened.close();
        }
        master.close();
        loops.close();
        ended.complete("closed");
    }
}
