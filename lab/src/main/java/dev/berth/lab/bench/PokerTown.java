package dev.berth.lab.bench;

import dev.berth.core.record.RecordBook;
import dev.berth.node.launch.ClusterFile;
import dev.berth.node.launch.ClusterFileException;
import dev.berth.node.launch.HostPort;
import dev.berth.node.launch.JavaCommand;
import dev.berth.node.link.Secret;
import dev.berth.node.worker.NodeConfig;
import dev.berth.poker.bot.Cable;
import dev.berth.poker.bot.Complaint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

// What is measured is what a user runs: `berth poker` is a process, and so is everything that it starts. Signals go to
// the process ids that the launcher has written down.

/** {@code berth poker} on this machine, with processes of its own. One thread. */
final class PokerTown implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final long LOOK_MILLIS = 100;
    /** Below those that the system gives to clients. */
    private static final int PORT_MIN = 20_000;

    private static final int PORT_MAX = 32_000;

    private final Path dir;
    private final Process launcher;
    private final int port;
    private final int servers;
    private boolean served;

    private PokerTown(Path dir, Process launcher, int port, int servers) {
        this.dir = dir;
        this.launcher = launcher;
        this.port = port;
        this.servers = servers;
    }

    /** In test mode; waits until each game server listens and the gateway knows one. */
    static PokerTown launch(int servers) throws IOException, InterruptedException {
        Path dir = Files.createTempDirectory("berth-bench");
        int port = free(servers + 1);
        Process launcher = tool(
                        dir,
                        "launcher.log",
                        "poker",
                        "--servers",
                        String.valueOf(servers),
                        "--port",
                        String.valueOf(port),
                        "--test-mode",
                        "--dir",
                        dir.toString())
                .start();
        // Who ends the bench ends the town too; Ctrl-C reaches both by itself.
        Runtime.getRuntime().addShutdownHook(new Thread(launcher::destroy, "berth-bench-end"));
        PokerTown town = new PokerTown(dir, launcher, port, servers);
        try {
            town.awaitServers();
            return town;
        } catch (IOException | InterruptedException | RuntimeException failed) {
            town.close();
            throw failed;
        }
    }

    private static ProcessBuilder tool(Path dir, String log, String... words) {
        List<String> program = new ArrayList<>(List.of("tool"));
        program.addAll(List.of(words));
        return new ProcessBuilder(JavaCommand.likeThisProcess().line(List.of(), List.of(), program))
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve(log).toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE);
    }

    /** The first of so many in a row that nobody has. */
    private static int free(int count) throws IOException {
        for (int tries = 0; tries < 1_000; tries++) {
            int first = ThreadLocalRandom.current().nextInt(PORT_MIN, PORT_MAX - count);
            int free = 0;
            while (free < count && isFree(first + free)) {
                free++;
            }
            if (free == count) {
                return first;
            }
        }
        throw new IOException("no " + count + " free ports in a row from " + PORT_MIN + " to " + PORT_MAX);
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private void awaitServers() throws IOException, InterruptedException {
        for (int i = 1; i <= servers; i++) {
            InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port + i);
            await("a game server listens at " + server, () -> OtherProcess.listens(server));
        }
        await("the gateway knows a server", this::handsOff);
    }

    private boolean handsOff() {
        try {
            return Cable.server(address(0), gateway()).getPort() > port;
        } catch (IOException | Complaint notYet) {
            return false;
        }
    }

    /** Looked at ten times a second. */
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    void await(String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.holds()) {
            if (System.nanoTime() > end || !launcher.isAlive()) {
                throw new IOException("waited in vain until " + what + "; logs are in " + dir);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    InetSocketAddress gateway() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    Path dir() {
        return dir;
    }

    /** One of many of this machine: a gate bounds what one address may have. */
    static InetAddress address(int number) {
        return InetAddress.ofLiteral(
                "127.%d.%d.%d".formatted(1 + number / 62_500, 1 + number / 250 % 250, 1 + number % 250));
    }

    /** A node of this process, which owns nothing. */
    NodeConfig caller(RecordBook messages) throws IOException {
        try {
            ClusterFile file = ClusterFile.read(dir.resolve("poker.conf"));
            return NodeConfig.of(
                            file.cluster(),
                            Secret.ofFile(file.secretFile()),
                            "bench",
                            file.masters().stream().map(HostPort::address).toList())
                    .withTimings(file.timings().timings())
                    .withMessages(messages);
        } catch (ClusterFileException wrong) {
            throw new IOException(wrong);
        }
    }

    /**
     * Makes accounts by {@code berth poker accounts import}.
     *
     * @param lines as it reads them, with a column of passwords if they have their own
     */
    void enroll(List<String> lines, String... passwords) throws IOException, InterruptedException {
        Path csv = Files.write(dir.resolve("players.csv"), lines);
        List<String> words = new ArrayList<>(List.of("poker", "accounts", "import", "--file"));
        words.add(dir.resolve("poker.conf").toString());
        words.addAll(List.of(passwords));
        words.add(csv.toString());
        int code = tool(dir, "import.log", words.toArray(String[]::new)).start().waitFor();
        if (code != 0) {
            throw new IOException("the import of accounts failed: " + dir.resolve("import.log"));
        }
    }

    /** The process ids of all nodes, by their names. */
    Map<String, Long> pids() throws IOException {
        Map<String, Long> pids = new TreeMap<>();
        try (Stream<Path> records = Files.list(dir.resolve(".berth/poker/nodes"))) {
            for (Path record : records.toList()) {
                String node = String.valueOf(record.getFileName()).replace(".pid", "");
                pids.put(node, Long.parseLong(Files.readString(record).split(" ", 2)[0]));
            }
        }
        return pids;
    }

    /** What all nodes together have had of processors. */
    double cpuSeconds() throws IOException {
        double sum = 0;
        for (long pid : pids().values()) {
            sum += new Proc(pid).cpuSeconds();
        }
        return sum;
    }

    /** Nothing went wrong: its directory may go. */
    void hasServed() {
        served = true;
    }

    /** Ends all processes. The directory stays, for whoever wants to know more, unless {@link #hasServed}. */
    @Override
    public void close() throws IOException {
        launcher.destroy();
        try {
            if (!launcher.waitFor(30, TimeUnit.SECONDS)) {
                launcher.destroyForcibly();
            }
        } catch (InterruptedException inAHurry) {
            Thread.currentThread().interrupt();
            launcher.destroyForcibly();
        }
        if (served) {
            try (Stream<Path> files = Files.walk(dir)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
