package dev.berth.node.link;

import dev.berth.core.wire.Versions;
import java.util.concurrent.TimeUnit;

/**
 * What all connections of a node have in common. Any thread.
 *
 * @param cluster the cluster's name; 1 to 63 of a-z, 0-9, '.', '_', '-'. Connections between different names are refused
 * @param secret what both ends of a connection must know
 * @param versions the protocol versions spoken; refused are only ends whose ranges do not overlap
 * @param connectMillis after which a dial is given up; too short: slow hosts are never reached
 * @param handshakeMillis for the whole handshake; too short: busy nodes are refused, too long: strangers hold more sockets
 * @param handshakesMax accepted connections that may be unauthenticated at a time; when there are more the oldest goes
 * @param silenceMillis after which an end that says nothing, not even that it is alive, is cut off; too short: pauses of the
 *     other end close connections and its calls end as Unknown, too long: a dead connection is noticed late. The same on all
 *     nodes: an end says that it is alive each quarter of its own
 * @param fullBytes waiting to be sent, from which on a pipe says that it is full
 * @param pendingMaxBytes waiting to be sent, from which on a pipe is closed; must hold the largest frame
 */
public record TransportConfig(
        String cluster,
        Secret secret,
        Versions versions,
        int connectMillis,
        int handshakeMillis,
        int handshakesMax,
        int silenceMillis,
        int fullBytes,
        int pendingMaxBytes) {
    /** The usual limits; {@code with...} changes one. */
    public static TransportConfig of(String cluster, Secret secret, Versions versions) {
        return new TransportConfig(
                cluster,
                secret,
                versions,
                (int) TimeUnit.SECONDS.toMillis(2),
                (int) TimeUnit.SECONDS.toMillis(3),
                256,
                (int) TimeUnit.SECONDS.toMillis(3),
                1 << 20,
                48 << 20);
    }

    public TransportConfig {
        if (!ClusterName.isValid(cluster)) {
            throw new IllegalArgumentException("a cluster's name is 1 to " + ClusterName.LENGTH_MAX
                    + " of a-z, 0-9, '.', '_', '-', got '" + cluster + "'");
        }
        require(connectMillis > 0, "connectMillis", connectMillis, "must be positive");
        require(handshakeMillis > 0, "handshakeMillis", handshakeMillis, "must be positive");
        require(handshakesMax > 0, "handshakesMax", handshakesMax, "must be positive");
        require(silenceMillis >= 40, "silenceMillis", silenceMillis, "must be at least 40");
        require(fullBytes > 0, "fullBytes", fullBytes, "must be positive");
        require(pendingMaxBytes >= fullBytes, "pendingMaxBytes", pendingMaxBytes, "must be at least fullBytes");
    }

    private static void require(boolean holds, String knob, long value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(knob + " " + rule + ", got " + value);
        }
    }

    public TransportConfig withConnectMillis(int millis) {
        return new TransportConfig(
                cluster,
                secret,
                versions,
                millis,
                handshakeMillis,
                handshakesMax,
                silenceMillis,
                fullBytes,
                pendingMaxBytes);
    }

    public TransportConfig withHandshake(int millis, int max) {
        return new TransportConfig(
                cluster, secret, versions, connectMillis, millis, max, silenceMillis, fullBytes, pendingMaxBytes);
    }

    public TransportConfig withSilenceMillis(int millis) {
        return new TransportConfig(
                cluster,
                secret,
                versions,
                connectMillis,
                handshakeMillis,
                handshakesMax,
                millis,
                fullBytes,
                pendingMaxBytes);
    }

    public TransportConfig withPending(int full, int max) {
        return new TransportConfig(
                cluster, secret, versions, connectMillis, handshakeMillis, handshakesMax, silenceMillis, full, max);
    }
}
