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
import dev.berth.node.store.StoreCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

// Each caller counts up a key of its own, one write at a time, the next when the last is on disk: so many callers, so
// many writes in flight. Every thousandth write is a snapshot, as an owner would do it.

/**
 * Writes that are on disk behind their fence, per second: this process calls, another one is {@code berth store}.
 *
 * <pre>
 * java @jvm.flags -cp "lab/target/classes:$(cat lab/target/classpath)" dev.berth.lab.bench.StoreBenchmark [CALLERS] [DIR]
 * </pre>
 */
public final class StoreBenchmark {
    private static final int SLOTS = 8;
    private static final int SNAPSHOT_EVERY = StoreLimits.DELTAS_MAX - 1;
    private static final long WARM_UP_SECONDS = 5;
    private static final long MEASURED_SECONDS = 10;
    private static final int KEPT_MAX = 4_000_000;
    private static final Bytes DELTA = Bytes.wrap(new byte[64]);
    private static final String CLUSTER = "bench";
    private static final String SERVE = "serve";
    private static final Pattern SERVING = Pattern.compile("SERVING .*listen=127\\.0\\.0\\.1:(\\d+) ");

    private final StoreClient client;
    private final int callers;
    // Only the client's loop touches these while it runs.
    private final int[] nanos = new int[KEPT_MAX];
    private long acknowledged;
    private boolean measuring;
    private int kept;
    private boolean ending;
    private int running;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private StoreBenchmark(StoreClient client, int callers) {
        this.client = client;
        this.callers = callers;
    }

    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals(SERVE)) {
            System.exit(new StoreCommand().run(System.out, System.err, Arrays.copyOfRange(args, 1, args.length)));
        }
        int callers = args.length > 0 ? Integer.parseInt(args[0]) : 256;
        Path directory = args.length > 1 ? Path.of(args[1]) : Files.createTempDirectory("berth-store-bench");
        Path secret = Files.writeString(directory.resolveSibling(directory.getFileName() + ".secret"), "s".repeat(32));
        Process store = store(directory, secret);
        try (BufferedReader out = store.inputReader(StandardCharsets.UTF_8);
                Loops loops = Loops.start(1);
                Transport transport = new Transport(
                        TransportConfig.of(CLUSTER, Secret.ofFile(secret), Protocol.VERSIONS),
                        loops,
                        Throwable::printStackTrace)) {
            InetSocketAddress address = serving(out);
            try (StoreClient client = StoreClient.open(
                    transport, loops.next(), address, StoreClientConfig.DEFAULT, new SplittableRandom(1))) {
                new StoreBenchmark(client, callers).measure(store.pid());
            }
        } finally {
            store.destroy();
            store.waitFor();
            delete(directory);
            Files.delete(secret);
        }
    }

    private static Process store(Path directory, Path secret) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StoreBenchmark.class.getName(), SERVE));
        command.addAll(List.of(directory.toString(), "--listen=127.0.0.1:0"));
        command.addAll(List.of("--cluster=" + CLUSTER, "--secret-file=" + secret));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static InetSocketAddress serving(BufferedReader out) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher serving = SERVING.matcher(line);
            if (serving.find()) {
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(serving.group(1)));
            }
        }
        throw new IOException("the store has ended without serving");
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void measure(long storePid) throws Exception {
        client.opened().get(60, TimeUnit.SECONDS);
        for (int slot = 1; slot <= SLOTS; slot++) {
            client.fence(grant(slot)).get(60, TimeUnit.SECONDS);
        }
        running = callers;
        for (int caller = 0; caller < callers; caller++) {
            count(caller, Bytes.utf8("player-" + caller), 0);
        }
        TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
        StoreStatus before = status(true);
        long start = System.nanoTime();
        TimeUnit.SECONDS.sleep(MEASURED_SECONDS);
        long took = System.nanoTime() - start;
        StoreStatus after = status(false);
        var _ = client.status().thenRun(() -> ending = true);
        ended.get(60, TimeUnit.SECONDS);
        print(storePid, before, after, took);
    }

    private StoreStatus status(boolean measures) throws Exception {
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

    private void count(int caller, Bytes key, long version) {
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
                count(caller, key, done.value().version());
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

    private void print(long storePid, StoreStatus before, StoreStatus after, long took) {
        long fsyncs = after.fsyncs() - before.fsyncs();
        Arrays.sort(nanos, 0, kept);
        System.out.printf(
                Locale.ROOT,
                "{\"caller_pid\":%d,\"store_pid\":%d,\"callers\":%d,\"acknowledged\":%d,\"appends_per_second\":%.0f,"
                        + "\"append_p50_ms\":%.2f,\"append_p99_ms\":%.2f,\"fsyncs\":%d,\"ops_per_fsync\":%.1f,"
                        + "\"fsync_p50_ms\":%.3f}%n",
                ProcessHandle.current().pid(),
                storePid,
                callers,
                acknowledged,
                acknowledged * 1e9 / took,
                nanos[kept / 2] / 1e6,
                nanos[(int) (kept * 0.99)] / 1e6,
                fsyncs,
                (after.acknowledged() - before.acknowledged()) / (double) Math.max(1, fsyncs),
                after.fsyncP50Micros() / 1e3);
    }
}
