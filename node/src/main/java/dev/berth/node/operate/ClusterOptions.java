package dev.berth.node.operate;

import dev.berth.core.protocol.Protocol;
import dev.berth.node.launch.ClusterFile;
import dev.berth.node.launch.ClusterFileException;
import dev.berth.node.launch.HostPort;
import dev.berth.node.link.Secret;
import dev.berth.node.link.TransportConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a command finds a cluster and shows that it belongs to it; each can come from the environment. */
public final class ClusterOptions {
    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "The cluster file, which says all of what follows (or BERTH_FILE).",
            defaultValue = "${env:BERTH_FILE}")
    private @Nullable Path file;

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

    /** A launcher that is just starting with this file makes the secret first. */
    private void awaitLauncher(Duration within) throws InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        while (file != null && secretFile != null && !Files.isReadable(secretFile) && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** What is missing, in words for the person who typed the command; null if nothing is. */
    @Nullable
    String problem(Duration within) throws InterruptedException {
        if (file != null) {
            try {
                takeFrom(ClusterFile.read(file));
            } catch (ClusterFileException unusable) {
                return unusable.getMessage();
            }
        }
        awaitLauncher(within);
        return problemWithWhatIsSaid();
    }

    private @Nullable String problemWithWhatIsSaid() {
        if (masters.isEmpty()) {
            return "which cluster? Say --file FILE, or --masters HOST:PORT,..., or set BERTH_FILE or BERTH_MASTERS";
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

    /** What was said beside the file counts more. */
    private void takeFrom(ClusterFile said) {
        cluster = cluster == null ? said.cluster() : cluster;
        secretFile = secretFile == null ? said.secretFile() : secretFile;
        masters = masters.isEmpty()
                ? said.masters().stream().map(HostPort::toString).toList()
                : masters;
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
