package dev.berth.node.operate;

import dev.berth.core.protocol.Protocol;
import dev.berth.node.launch.HostPort;
import dev.berth.node.link.Secret;
import dev.berth.node.link.TransportConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a command finds a cluster and shows that it belongs to it; each can come from the environment. */
public final class ClusterOptions {
    @Option(
            names = "--masters",
            paramLabel = "HOST:PORT,...",
            split = ",",
            description = "The masters of the cluster (or BERTH_MASTERS).",
            defaultValue = "${env:BERTH_MASTERS}")
    private List<String> masters = List.of();

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "The cluster's name (or BERTH_CLUSTER).",
            defaultValue = "${env:BERTH_CLUSTER}")
    private @Nullable String cluster;

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = "The file with what all nodes of the cluster share (or BERTH_SECRET_FILE).",
            defaultValue = "${env:BERTH_SECRET_FILE}")
    private @Nullable Path secretFile;

    /** What is missing, in words for the person who typed the command; null if nothing is. */
    @Nullable
    String problem() {
        if (masters.isEmpty()) {
            return "which cluster? Say --masters HOST:PORT,... or set BERTH_MASTERS";
        }
        if (cluster == null) {
            return "which cluster? Say --cluster NAME or set BERTH_CLUSTER";
        }
        if (secretFile == null || !Files.isReadable(secretFile)) {
            return "the cluster's secret cannot be read from " + secretFile
                    + ": say --secret-file FILE or set BERTH_SECRET_FILE";
        }
        for (String master : masters) {
            if (HostPort.parse(master, 1).isEmpty()) {
                return HostPort.wanted("--masters", master);
            }
        }
        try {
            transport();
        } catch (IllegalArgumentException | IOException unusable) {
            return "--cluster " + cluster + ", --secret-file " + secretFile + ": " + unusable.getMessage();
        }
        return null;
    }

    List<InetSocketAddress> masters() {
        return masters.stream()
                .flatMap(master -> HostPort.parse(master, 1).stream())
                .map(HostPort::address)
                .toList();
    }

    TransportConfig transport() throws IOException {
        if (cluster == null || secretFile == null) {
            throw new IllegalStateException("problem() has not been asked");
        }
        return TransportConfig.of(cluster, Secret.ofFile(secretFile), Protocol.VERSIONS);
    }
}
