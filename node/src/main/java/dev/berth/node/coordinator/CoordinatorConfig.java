package dev.berth.node.coordinator;

import dev.berth.core.cluster.ServiceName;

/**
 * Where the coordinator is, and which cluster's record in it is meant. Any thread.
 *
 * @param servers ZooKeeper's connection string, {@code host:port,host:port}: embedded servers or an ensemble that exists
 * @param cluster the cluster's name; its record lies under {@code /berth/<cluster>}
 * @param sessionMillis after so long without a word from a client its session ends and another candidate is elected. Too
 *     short: pauses end sessions. Too long: a killed master is replaced late. Servers clamp it to their own bounds
 *     (Berth's: 1 to 60 s)
 */
public record CoordinatorConfig(String servers, String cluster, int sessionMillis) {
    public static final int SESSION_MILLIS = 6_000;

    public CoordinatorConfig {
        ServiceName.check(cluster);
        if (servers.isBlank()) {
            throw new IllegalArgumentException("coordinator: servers is empty, expected host:port,host:port");
        }
        if (servers.indexOf('/') >= 0) {
            throw new IllegalArgumentException("coordinator: servers must not hold a path, got " + servers
                    + "; clusters that share an ensemble differ in their name");
        }
        if (sessionMillis < 1_000 || sessionMillis > 60_000) {
            throw new IllegalArgumentException(
                    "coordinator: sessionMillis must lie between 1000 and 60000, got " + sessionMillis);
        }
    }

    public CoordinatorConfig(String servers, String cluster) {
        this(servers, cluster, SESSION_MILLIS);
    }
}
