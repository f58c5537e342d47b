package dev.berth.lab.bench;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.MemberStatus;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.protocol.Protocol;
import dev.berth.node.launch.JavaCommand;
import dev.berth.node.link.Secret;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.operate.NoAnswerException;
import dev.berth.node.operate.Operator;
import dev.berth.node.worker.NodeConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

// What is measured is what a user runs: `berth up` is a process, and so is everything that it starts. Signals go to
// the process ids that the launcher has written down.

/** A launched cluster on this machine: a coordinator, masters, a store, workers. One thread. */
final class Harbor implements AutoCloseable {
    static final String SERVICE = "kv";
    static final String CLUSTER = "bench";

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long LOOK_MILLIS = 10;

    private final Path dir;
    private final Process launcher;
    private final List<InetSocketAddress> masters;
    private final Secret secret;
    private final Operator operator;

    private Harbor(Path dir, Process launcher, List<InetSocketAddress> masters, Secret secret) {
        this.dir = dir;
        this.launcher = launcher;
        this.masters = masters;
        this.secret = secret;
        this.operator = new Operator(TransportConfig.of(CLUSTER, secret, Protocol.VERSIONS), masters);
    }

    /**
     * What is launched.
     *
     * @param worker the main class of workers
     * @param jvm the options of each worker
     */
    record Plan(int slots, int workers, int masters, Class<?> worker, List<String> jvm, String timings) {}

    static Harbor launch(Plan plan) throws IOException, InterruptedException {
        Path dir = Files.createTempDirectory("berth-bench");
        List<InetSocketAddress> masters = new ArrayList<>();
        for (int i = 0; i < plan.masters(); i++) {
            masters.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort()));
        }
        Path file = Files.writeString(dir.resolve("bench.conf"), file(plan, dir, masters));
        List<String> command =
                JavaCommand.likeThisProcess().line(List.of(), List.of(), List.of("tool", "up", file.toString()));
        Process launcher = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("launcher.log").toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
        Path secret = dir.resolve("secret");
        await(launcher, dir, "the secret is written", () -> Files.isReadable(secret) && Files.size(secret) > 0);
        Harbor harbor = new Harbor(dir, launcher, masters, Secret.ofFile(secret));
        harbor.awaitWhole(plan.slots());
        return harbor;
    }

    private static String file(Plan plan, Path dir, List<InetSocketAddress> masters) throws IOException {
        return """
            cluster = %s
            timings = %s
            secret-file = "%s"
            state = "%s"
            coordinator { port = %d, dir = "%s" }
            masters = [%s]
            services { %s = %d }
            nodes {
              store { kind = store, listen = "127.0.0.1:%d", jvm = [-Xmx256m, "-XX:+UseSerialGC"] }
              worker {
                kind = worker
                count = %d
                class = %s
                services { %s = standby }
                jvm = [%s]
              }
            }
            """.formatted(
                        CLUSTER,
                        plan.timings(),
                        dir.resolve("secret"),
                        dir.resolve("state"),
                        freePort(),
                        dir.resolve("coordinator"),
                        String.join(
                                ", ",
                                masters.stream()
                                        .map(at -> "\"127.0.0.1:" + at.getPort() + "\"")
                                        .toList()),
                        SERVICE,
                        plan.slots(),
                        freePort(),
                        plan.workers(),
                        plan.worker().getName(),
                        SERVICE,
                        String.join(
                                ", ",
                                plan.jvm().stream()
                                        .map(option -> "\"" + option + "\"")
                                        .toList()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /** A node that calls, for this process. */
    NodeConfig caller() {
        return NodeConfig.of(CLUSTER, secret, "callers", masters);
    }

    // ---- What is seen of it

    ClusterMessage.Status status() throws IOException, InterruptedException {
        try {
            return operator.status(PATIENCE);
        } catch (NoAnswerException nobody) {
            throw new IOException(nobody);
        }
    }

    /** The name of the node that owns the slot; nothing if it does not run. */
    Optional<String> owner(int slot) throws IOException, InterruptedException {
        return owner(status().view().toView(), slot);
    }

    private Optional<String> owner(View view, int slot) {
        if (!(view.slot(new SlotId(SERVICE, slot)) instanceof SlotState.Running(Incarnation owner, long _))) {
            return Optional.empty();
        }
        Listing listing = view.member(owner.node());
        return Optional.ofNullable(listing).map(Listing::name);
    }

    private boolean allRun(View view, int slots) {
        for (int slot = 1; slot <= slots; slot++) {
            if (owner(view, slot).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Waits until so many slots run, everybody knows it, and nobody is suspected. */
    void awaitWhole(int slots) throws IOException, InterruptedException {
        await("every slot runs", () -> {
            ClusterMessage.Status status = status();
            View view = status.view().toView();
            return allRun(view, slots)
                    && status.closed() == view.number()
                    && status.members().stream().noneMatch(MemberStatus::suspected);
        });
    }

    /** For how long the leading master would still wait before it replaces the node, in milliseconds. */
    long leaseMillis(String name) throws IOException, InterruptedException {
        ClusterMessage.Status status = status();
        Incarnation incarnation = listing(status.view().toView(), name).incarnation();
        return status.members().stream()
                .filter(member -> member.incarnation().equals(incarnation))
                .mapToLong(member -> TimeUnit.NANOSECONDS.toMillis(member.leaseNanos()))
                .findFirst()
                .orElse(0);
    }

    private static Listing listing(View view, String name) throws IOException {
        List<Listing> found = new ArrayList<>();
        view.forEachMember(listing -> {
            if (listing.name().equals(name)) {
                found.add(listing);
            }
        });
        if (found.isEmpty()) {
            throw new IOException("view " + view.number() + " lists no " + name);
        }
        return found.getFirst();
    }

    /** The node's name of the master that leads. */
    String leader() throws IOException, InterruptedException {
        return "master-" + status().leader().substring(1);
    }

    // ---- What is done to it

    /** Moves the node's slots away, or lets it own some again. */
    void drain(String name, boolean begin) throws IOException, InterruptedException {
        Incarnation node = listing(status().view().toView(), name).incarnation();
        try {
            ClusterMessage.Decided decided = operator.propose(new Proposal.DrainNode(node.node(), begin), PATIENCE);
            if (!decided.accepted()) {
                throw new IOException("the drain of " + name + " was refused: " + decided.reason());
            }
        } catch (NoAnswerException nobody) {
            throw new IOException(nobody);
        }
    }

    long launcherPid() {
        return launcher.pid();
    }

    /** The node's own process, by the number that the launcher has written down. */
    long pid(String node) throws IOException {
        String record =
                Files.readString(dir.resolve("state").resolve("nodes").resolve(node + ".pid"));
        return Long.parseLong(record.substring(0, record.indexOf(' ')));
    }

    boolean isStarted(String node) {
        return Files.exists(dir.resolve("state").resolve("nodes").resolve(node + ".pid"));
    }

    /** The process ids of all nodes that the launcher has started. */
    Map<String, Object> pids() throws IOException {
        Map<String, Object> pids = new TreeMap<>();
        pids.put("launcher", launcher.pid());
        try (Stream<Path> records = Files.list(dir.resolve("state").resolve("nodes"))) {
            for (Path record : records.sorted().toList()) {
                String node = String.valueOf(record.getFileName()).replace(".pid", "");
                pids.put(node, pid(node));
            }
        }
        return pids;
    }

    /** What the process keeps in memory, in MiB. */
    long residentMiB(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return 0;
    }

    static void signal(String signal, long... pids) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        for (long pid : pids) {
            command.add(String.valueOf(pid));
        }
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    // ---- Waiting

    /** Looked at a hundred times a second. */
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    void await(String what, Condition condition) throws IOException, InterruptedException {
        await(launcher, dir, what, condition);
    }

    private static void await(Process launcher, Path dir, String what, Condition condition)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end || !launcher.isAlive()) {
                throw new IOException("waited in vain until " + what + "; logs are in " + dir);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** Ends all processes; the directory stays for whoever wants to know more. */
    @Override
    public void close() {
        operator.close();
        launcher.destroy();
        try {
            if (!launcher.waitFor(30, TimeUnit.SECONDS)) {
                launcher.destroyForcibly();
            }
        } catch (InterruptedException inAHurry) {
            Thread.currentThread().interrupt();
            launcher.destroyForcibly();
        }
    }

    Path dir() {
        return dir;
    }

    void delete() throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
