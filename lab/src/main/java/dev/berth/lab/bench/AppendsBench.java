package dev.berth.lab.bench;

import dev.berth.core.call.OperationId;
import dev.berth.core.cluster.Grant;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.protocol.Protocol;
import dev.berth.core.store.StoreLimits;
import dev.berth.core.store.StoreMessage.StoreStatus;
import dev.berth.core.store.StoreMessage.Written;
import dev.berth.core.store.StoreOutcome;
import dev.berth.core.wire.Bytes;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Secret;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.store.StoreClient;
import dev.berth.node.store.StoreClientConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

// Each caller counts up a key of its own, one write at a time, the next when the last is on disk: so many callers, so
// many writes in flight. Every thousandth write is a snapshot, as an owner would do it.

/**
 * Writes that are on disk behind their fence, per second: this process calls, another one is {@code berth store}.
 */
@Command(name = "appends", description = "Writes that are on disk behind their fence.")
final class AppendsBench extends Bench {
    private static final int SLOTS = 8;
    private static final int SNAPSHOT_EVERY = StoreLimits.DELTAS_MAX - 1;
    private static final long WARM_UP_SECONDS = 5;
    private static final long MEASURED_SECONDS = 10;
    private static final int KEPT_MAX = 4_000_000;
    private static final Bytes DELTA = Bytes.wrap(new byte[64]);
    private static final String CLUSTER = "bench";
    private static final Pattern SERVING = Pattern.compile("SERVING .*listen=127\\.0\\.0\\.1:(\\d+) ");

    @Option(
            names = "--callers",
            description = "How many write at a time (default ${DEFAULT-VALUE}).",
            defaultValue = "256")
    private int callers;

    @Option(
            names = "--dir",
            description = "On which disk: the store is made in a directory below this one, and deleted.")
    private @Nullable Path directory;

    // Only the client's loop touches these while it runs.
    private final int[] nanos = new int[KEPT_MAX];
    private long acknowledged;
    private boolean measuring;
    private int kept;
    private boolean ending;
    private int running;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    @Override
    Map<String, @Nullable Object> measure() throws Exception {
        Path home = directory == null
                ? Files.createTempDirectory("berth-store-bench")
                : Files.createTempDirectory(directory, "berth-store-bench");
        Path secret = Files.writeString(home.resolveSibling(home.getFileName() + ".secret"), "s".repeat(32));
        String[] arguments = {home.toString(), "--listen=127.0.0.1:0", "--cluster=" + CLUSTER, "--secret-file=" + secret
        };
        try (OtherProcess store = OtherProcess.ofTool("store", SERVING, arguments);
                Loops loops = Loops.start(1);
                Transport transport = new Transport(
                        TransportConfig.of(CLUSTER, Secret.ofFile(secret), Protocol.VERSIONS),
                        loops,
                        Throwable::printStackTrace)) {
            int port = Integer.parseInt(store.found().group(1));
            try (StoreClient client = StoreClient.open(
                    transport, loops.next(), Echo.at(port), StoreClientConfig.DEFAULT, new SplittableRandom(1))) {
                Map<String, @Nullable Object> figures = measure(client);
                figures.put("pids", List.of(ProcessHandle.current().pid(), store.pid()));
                return figures;
            }
        } finally {
            delete(home);
            Files.delete(secret);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Map<String, @Nullable Object> measure(StoreClient client) throws Exception {
        client.opened().get(60, TimeUnit.SECONDS);
        for (int slot = 1; slot <= SLOTS; slot++) {
            client.fence(grant(slot)).get(60, TimeUnit.SECONDS);
        }
        running = callers;
        for (int caller = 0; caller < callers; caller++) {
            count(client, caller, Bytes.utf8("player-" + caller), 0);
        }
        TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
        StoreStatus before = status(client, true);
        long start = System.nanoTime();
        TimeUnit.SECONDS.sleep(MEASURED_SECONDS);
        long took = System.nanoTime() - start;
        StoreStatus after = status(client, false);
        var _ = client.status().thenRun(() -> ending = true);
        ended.get(60, TimeUnit.SECONDS);
        return figures(before, after, took);
    }

    private StoreStatus status(StoreClient client, boolean measures) throws Exception {
        return switch (client.status()
                .thenApply(outcome -> {
                    measuring = measures;
                    return outcome;
                })
                .get(60, TimeUnit.SECONDS)) {
            case StoreOutcome.Done<StoreStatus> done -> done.value();
            case StoreOutcome.Refused<StoreStatus> refused -> throw new IllegalStateException(refused.toString());
            case StoreOutcome.Unknown<StoreStatus> unknown -> throw new IllegalStateException(unknown.toString());
        };
    }

    private static Grant grant(int slot) {
        return new Grant(new SlotId("bench", slot), 1);
    }

    private void count(StoreClient client, int caller, Bytes key, long version) {
        Grant grant = grant(caller % SLOTS + 1);
        long sent = System.nanoTime();
        var write = version % SNAPSHOT_EVERY == SNAPSHOT_EVERY - 1
                ? client.snapshot(grant, key, version, DELTA)
                : client.append(grant, key, version, new OperationId(caller, version), DELTA);
        var _ = write.thenAccept(outcome -> {
            if (!(outcome instanceof StoreOutcome.Done<Written> done)) {
                ended.completeExceptionally(new IllegalStateException("caller " + caller + ": " + outcome));
                return;
            }
            note(System.nanoTime() - sent);
            if (!ending) {
                count(client, caller, key, done.value().version());
            } else if (--running == 0) {
                ended.complete(null);
            }
        });
    }

    private void note(long took) {
        if (measuring) {
            acknowledged++;
            if (kept < KEPT_MAX) {
                nanos[kept++] = (int) Math.min(Integer.MAX_VALUE, took);
            }
        }
    }

    private Map<String, @Nullable Object> figures(StoreStatus before, StoreStatus after, long took) {
        long fsyncs = after.fsyncs() - before.fsyncs();
        double ops = after.acknowledged() - before.acknowledged();
        Arrays.sort(nanos, 0, kept);
        Map<String, @Nullable Object> figures = new LinkedHashMap<>();
        figures.put("callers", callers);
        figures.put("acknowledged", acknowledged);
        figures.put("appends_per_second", Math.round(acknowledged * 1e9 / took));
        figures.put("append_p50_ms", rounded(nanos[kept / 2] / 1e6, 2));
        figures.put("append_p99_ms", rounded(nanos[(int) (kept * 0.99)] / 1e6, 2));
        figures.put("fsyncs", fsyncs);
        figures.put("ops_per_fsync", rounded(ops / Math.max(1, fsyncs), 1));
        figures.put("fsync_p50_ms", rounded(after.fsyncP50Micros() / 1e3, 3));
        return figures;
    }
}
