package dev.berth.node.coordinator;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How an embedded coordinator server is started. Any thread.
 *
 * @param dir where it keeps its data; nobody else's
 * @param host the address it listens on for clients; the loopback unless clients are elsewhere, for whoever reaches it may write
 * @param port for clients; 0 = any, only for one that is alone
 * @param peers all servers of the ensemble in order, the same list on each; empty for one that is alone
 * @param self which of the peers this is, counted from 1; 0 for one that is alone
 * @param founds that this server may vote although it has no data: for the very first start of an ensemble only, since an
 *     ensemble whose majority is empty forgets what the others have
 */
public record ServerConfig(Path dir, String host, int port, List<Peer> peers, int self, boolean founds) {
    public static final int PORT = 2181;
    public static final String LOOPBACK = "127.0.0.1";
    private static final int PEERS_MAX = 7;

    /** The address of a server among its peers: one port for what is agreed upon, one for electing. */
    public record Peer(String host, int peerPort, int electionPort) {
        static Peer parse(String text) {
            String[] parts = text.strip().split(":", -1);
            if (parts.length != 3 || parts[0].isEmpty()) {
                throw new IllegalArgumentException(
                        "a server is given as HOST:PEER-PORT:ELECTION-PORT, e.g. a:2888:3888, got '" + text + "'");
            }
            return new Peer(parts[0], port(parts[1], text), port(parts[2], text));
        }

        private static int port(String digits, String text) {
            try {
                int port = Integer.parseInt(digits);
                if (port >= 1 && port <= 65_535) {
                    return port;
                }
            } catch (NumberFormatException notANumber) {
                throw new IllegalArgumentException("'" + digits + "' in '" + text + "' is no port", notANumber);
            }
            throw new IllegalArgumentException("a port lies between 1 and 65535, got " + digits + " in '" + text + "'");
        }

        String inZooKeepersWords() {
            return host + ":" + peerPort + ":" + electionPort;
        }
    }

    public ServerConfig {
        peers = List.copyOf(peers);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("the port lies between 0 and 65535, got " + port);
        }
        if (peers.size() == 1 || peers.size() == 2 || peers.size() > PEERS_MAX) {
            throw new IllegalArgumentException("an ensemble has 3 to " + PEERS_MAX + " servers, got " + peers.size()
                    + "; one server alone is given none");
        }
        if (peers.isEmpty() && self != 0) {
            throw new IllegalArgumentException(
                    "--id " + self + " says which of --servers this is, and they are not given");
        }
        if (!peers.isEmpty() && (self < 1 || self > peers.size())) {
            throw new IllegalArgumentException(
                    "--id says which of the " + peers.size() + " in --servers this is, counted from 1; got " + self);
        }
        if (!peers.isEmpty() && port == 0) {
            throw new IllegalArgumentException("a server of an ensemble needs a port of its own for clients, got 0");
        }
    }

    public static ServerConfig alone(Path dir, String host, int port) {
        return new ServerConfig(dir, host, port, List.of(), 0, false);
    }

    /** Peers from {@code a:2888:3888,b:2888:3888,c:2888:3888}; none from an empty text. */
    public static List<Peer> peers(String text) {
        List<Peer> peers = new ArrayList<>();
        if (!text.isBlank()) {
            for (String part : text.split(",", -1)) {
                peers.add(Peer.parse(part));
            }
        }
        return peers;
    }

    boolean isAlone() {
        return peers.isEmpty();
    }
}
