package dev.berth.node.coordinator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.server.embedded.ExitHandler;
import org.apache.zookeeper.server.embedded.ZooKeeperServerEmbedded;

/**
 * ZooKeeper's official embedded server, one per process, or several in one process of a test. What ensembles of one and of
 * three have in common is all but the list of servers. One thread starts and closes it.
 */
public final class CoordinatorServer implements AutoCloseable {
    /** Sessions are ended in steps of a tick; sessions of a second must be possible. */
    private static final int TICK_MILLIS = 500;

    private static final int SNAPSHOTS_KEPT = 3;
    private static final int PURGE_HOURS = 1;
    private static final long LAUNCH_MILLIS = 30_000;

    private final ServerConfig config;
    private final ServerDirectory directory;
    private final ZooKeeperServerEmbedded server;

    private CoordinatorServer(ServerConfig config, ServerDirectory directory, ZooKeeperServerEmbedded server) {
        this.config = config;
        this.directory = directory;
        this.server = server;
    }

    /** Starts it, in a process that ends when the server does. */
    public static CoordinatorServer start(ServerConfig config) throws ServerRefusedException {
        return start(config, ExitHandler.EXIT);
    }

    /** Starts it in a process that goes on when the server ends. */
    public static CoordinatorServer startWithin(ServerConfig config) throws ServerRefusedException {
        return start(config, ExitHandler.LOG_ONLY);
    }

    static CoordinatorServer start(ServerConfig config, ExitHandler whenItEnds) throws ServerRefusedException {
        checkPort(config.host(), config.port(), "--port");
        if (!config.isAlone()) {
            ServerConfig.Peer own = config.peers().get(config.self() - 1);
            checkPort(own.host(), own.peerPort(), "--servers");
            checkPort(own.host(), own.electionPort(), "--servers");
        }
        ServerDirectory directory = ServerDirectory.open(config.dir());
        try {
            directory.claim(config);
            ZooKeeperServerEmbedded server = ZooKeeperServerEmbedded.builder()
                    .baseDir(directory.path())
                    .configuration(properties(config, directory.path()))
                    .exitHandler(whenItEnds)
                    .build();
            server.start(LAUNCH_MILLIS);
            return new CoordinatorServer(config, directory, server);
        } catch (ServerRefusedException refused) {
            directory.close();
            throw refused;
        } catch (Exception failed) {
            directory.close();
            throw new ServerRefusedException(
                    "the server in " + directory.path() + " does not start: " + failed
                            + "; damaged data are replaced by those of another server of the ensemble, or by a backup",
                    failed);
        }
    }

    private static Properties properties(ServerConfig config, Path dir) {
        Properties all = new Properties();
        all.setProperty("dataDir", dir.resolve("data").toString());
        all.setProperty("clientPort", String.valueOf(config.port()));
        all.setProperty("clientPortAddress", config.host());
        all.setProperty("tickTime", String.valueOf(TICK_MILLIS));
        all.setProperty("minSessionTimeout", "1000");
        all.setProperty("maxSessionTimeout", "60000");
        all.setProperty("maxClientCnxns", "0");
        all.setProperty("maxCnxns", "100000");
        all.setProperty("autopurge.snapRetainCount", String.valueOf(SNAPSHOTS_KEPT));
        all.setProperty("autopurge.purgeInterval", String.valueOf(PURGE_HOURS));
        all.setProperty("admin.enableServer", "false");
        all.setProperty("4lw.commands.whitelist", "srvr");
        // A view may take a mebibyte: a log is ended by its size long before the usual 100,000 transactions.
        all.setProperty("snapSizeLimitInKb", "262144");
        all.setProperty("preAllocSize", "16384");
        all.setProperty("db.autocreate", "false");
        if (!config.isAlone()) {
            // Ten seconds to join, five to keep up.
            all.setProperty("initLimit", "20");
            all.setProperty("syncLimit", "10");
            List<ServerConfig.Peer> peers = config.peers();
            for (int i = 0; i < peers.size(); i++) {
                all.setProperty("server." + (i + 1), peers.get(i).inZooKeepersWords());
            }
        }
        return all;
    }

    private static void checkPort(String host, int port, String option) throws ServerRefusedException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new ServerRefusedException("the name " + host + " of " + option + " has no address");
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
        } catch (IOException taken) {
            throw new ServerRefusedException(
                    "cannot listen on " + host + ":" + port + " (" + taken.getMessage()
                            + "): another process has the port," + " or the address is not this machine's; see "
                            + option,
                    taken);
        }
    }

    public int port() {
        return config.port() != 0 ? config.port() : server.getClientPort();
    }

    public String address() {
        return config.host() + ":" + port();
    }

    public Path dir() {
        return directory.path();
    }

    /** Waits until it answers; false if it does not within the time, for example because it has no majority. */
    public boolean awaitServing(long millis) throws InterruptedException, IOException {
        CountDownLatch connected = new CountDownLatch(1);
        ZKClientConfig client = new ZKClientConfig();
        client.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        String host = new InetSocketAddress(config.host(), port()).getAddress().isAnyLocalAddress()
                ? InetAddress.getLoopbackAddress().getHostAddress()
                : config.host();
        ZooKeeper probe = new ZooKeeper(
                host + ":" + port(),
                CoordinatorConfig.SESSION_MILLIS,
                event -> {
                    if (event.getState() == KeeperState.SyncConnected) {
                        connected.countDown();
                    }
                },
                client);
        try {
            return connected.await(millis, TimeUnit.MILLISECONDS);
        } finally {
            probe.close();
        }
    }

    /** What the disk says to a server that has ended by itself; empty if it has room. */
    String diskComplaint() {
        try {
            long free = directory.freeBytes();
            return free >= ServerDirectory.FREE_MIN
                    ? ""
                    : "the disk that holds " + directory.path() + " is full: " + (free >> 20) + " MiB are left, "
                            + (ServerDirectory.FREE_MIN >> 20) + " are needed. Free some and start it again;"
                            + " what it had confirmed is there";
        } catch (IOException unreadable) {
            return "the disk that holds " + directory.path() + " does not answer: " + unreadable;
        }
    }

    @Override
    public void close() {
        server.close();
        directory.close();
    }
}
