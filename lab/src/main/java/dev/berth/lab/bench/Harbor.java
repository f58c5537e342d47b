package dev.berth.lab.bench;

import dev.berth.core.audit.Finding;
import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Incarnation;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.MemberStatus;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.protocol.Protocol;
import dev.berth.node.audit.Witness;
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
import java.nio.file.NoSuchFileException;
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
import org.jspecify.annotations.Nullable;

// What is measured is what a user runs: `berth up` is a process, and so is everything that it starts. Signals go to
// the process ids that the launcher has written down. The masters are not asked anything while a gap is measured.

/** A launched cluster on this machine: a coordinator, masters, a store, workers. One thread. */
final class Harbor implements AutoCloseable {
    static final String SERVICE = "kv";
    static final String CLUSTER = "bench";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LOOK_MILLIS = 20;
    /** A take-over is over for its callers when so many answers have come. */
    private static final int ANSWERS = 50;
    /** Until a process that was started again has joined those who wait, and the machine is quiet. */
    private static final long SETTLE_MILLIS = 2_000;

    private final Path dir;
    private final Process launcher;
    private final List<InetSocketAddress> masters;
    private final InetSocketAddress store;
    private final List<InetSocketAddress> gates;
    private final Secret secret;
    private final Operator operator;
    private final Witness witness = new Witness();
    private boolean served;

    private Harbor(
            Path dir,
            Process launcher,
            List<InetSocketAddress> masters,
            InetSocketAddress store,
            List<InetSocketAddress> gates,
            Secret secret) {
        this.dir = dir;
        this.launcher = launcher;
        this.masters = masters;
        this.store = store;
        this.gates = gates;
        this.secret = secret;
        this.operator = new Operator(TransportConfig.of(CLUSTER, secret, Protocol.VERSIONS), masters);
    }

    /** Starts the launcher and waits until a master leads. */
    static Harbor launch(HarborPlan plan) throws IOException, InterruptedException {
        return launch(plan, List.of());
    }

    /** @param jvm options of the launcher's virtual machine; those that begin with -XX: are handed on to every node */
    static Harbor launch(HarborPlan plan, List<String> jvm) throws IOException, InterruptedException {
        Path dir = Files.createTempDirectory("berth-bench");
        List<InetSocketAddress> masters = new ArrayList<>();
        for (int i = 0; i < plan.masters(); i++) {
            masters.add(free());
        }
        InetSocketAddress store = free();
        List<InetSocketAddress> gates = new ArrayList<>();
        for (int i = 0; i < plan.gates(); i++) {
            gates.add(free());
        }
        Path file = Files.writeString(
                dir.resolve("bench.conf"), plan.file(dir, free().getPort(), masters, store.getPort(), gates));
        List<String> command =
                JavaCommand.likeThisProcess().line(jvm, List.of(), List.of("tool", "up", file.toString()));
        Process launcher = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("launcher.log").toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
        try {
            Path secret = dir.resolve("secret");
            await(launcher, dir, "the secret is written", () -> Files.isReadable(secret) && Files.size(secret) > 0);
            Harbor harbor = new Harbor(dir, launcher, masters, store, gates, Secret.ofFile(secret));
            harbor.status();
            return harbor;
        } catch (IOException | InterruptedException | RuntimeException failed) {
            launcher.destroy();
            throw failed;
        }
    }

    private static InetSocketAddress free() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), probe.getLocalPort());
        }
    }

    /** A node of this process, which owns nothing. */
    NodeConfig caller() {
        return NodeConfig.of(CLUSTER, secret, "callers", masters);
    }

    Secret secret() {
        return secret;
    }

    InetSocketAddress store() {
        return store;
    }

    /** Where clients connect, in the order of {@link HarborPlan#gate}. */
    List<InetSocketAddress> gates() {
        return gates;
    }

    Path dir() {
        return dir;
    }

    /** What the nodes print. */
    Path logs() {
        return dir.resolve("state").resolve("logs");
    }

    // ---- What is seen of it

    ClusterMessage.Status status() throws IOException, InterruptedException {
        try {
            return operator.status(PATIENCE);
        } catch (NoAnswerException nobody) {
            throw new IOException("logs are in " + dir, nobody);
        }
    }

    /** The name of the node that owns the slot. */
    String owner(int slot) throws IOException, InterruptedException {
        return owner(status().view().toView(), slot)
                .orElseThrow(() -> new IOException("slot " + slot + " does not run; logs are in " + dir));
    }

    /** The owners of the slots 1 and up; "" where nobody serves. */
    List<String> owners(int slots) throws IOException, InterruptedException {
        View view = status().view().toView();
        List<String> owners = new ArrayList<>();
        for (int slot = 1; slot <= slots; slot++) {
            owners.add(owner(view, slot).orElse(""));
        }
        return owners;
    }

    private static Optional<String> owner(View view, int slot) {
        if (!(view.slot(new SlotId(SERVICE, slot)) instanceof SlotState.Running(Incarnation owner, long _))) {
            return Optional.empty();
        }
        return Optional.ofNullable(view.member(owner.node())).map(Listing::name);
    }

    /** Waits until so many slots, or buckets, run, everybody knows it, and nobody is suspected. */
    void awaitWhole(int slots) throws IOException, InterruptedException {
        await("every slot runs", () -> {
            ClusterMessage.Status status = status();
            View view = status.view().toView();
            boolean runs = true;
            for (int slot = 1; slot <= slots; slot++) {
                runs &= owner(view, slot).isPresent();
            }
            return runs
                    && status.closed() == view.number()
                    && status.members().stream().noneMatch(MemberStatus::suspected);
        });
    }

    /** For how long the leading master would still wait before it replaces the node, in milliseconds. */
    double leaseMillis(String name) throws IOException, InterruptedException {
        ClusterMessage.Status status = status();
        Incarnation incarnation = listing(status.view().toView(), name).incarnation();
        return status.members().stream()
                        .filter(member -> member.incarnation().equals(incarnation))
                        .mapToLong(MemberStatus::leaseNanos)
                        .findFirst()
                        .orElse(0)
                / 1e6;
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

    /** The name of the node in which the leading master runs. */
    String leader() throws IOException, InterruptedException {
        return "master-" + status().leader().substring(1);
    }

    long launcherPid() {
        return launcher.pid();
    }

    /** The node's own process. */
    long pid(String node) throws IOException {
        return Long.parseLong(Files.readString(record(node)).split(" ", 2)[0]);
    }

    private Path record(String node) {
        return dir.resolve("state").resolve("nodes").resolve(node + ".pid");
    }

    /** The process ids of this process, the launcher and all that it has started. */
    Map<String, @Nullable Object> pids() throws IOException {
        Map<String, @Nullable Object> pids = new TreeMap<>();
        pids.put("callers", ProcessHandle.current().pid());
        pids.put("launcher", launcher.pid());
        try (Stream<Path> records = Files.list(dir.resolve("state").resolve("nodes"))) {
            for (Path record : records.toList()) {
                String node = String.valueOf(record.getFileName()).replace(".pid", "");
                pids.put(node, pid(node));
            }
        }
        return pids;
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

    /** Waits until another node owns the slot and answers; for how long nobody was answered since the mark. */
    double moved(Pulse pulse, int slot, String former) throws IOException, InterruptedException {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        awaitAnswers(pulse);
        await(
                "another node owns slot " + slot,
                () -> owner(status().view().toView(), slot)
                        .filter(owner -> !owner.equals(former))
                        .isPresent());
        awaitAnswers(pulse);
        return pulse.sinceMark().gapMillis();
    }

    private void awaitAnswers(Pulse pulse) throws IOException, InterruptedException {
        long enough = pulse.sinceMark().answered() + ANSWERS;
        await("callers are answered", () -> pulse.sinceMark().answered() >= enough);
    }

    void awaitStart(String node) throws IOException, InterruptedException {
        await(node + " is started", () -> Files.exists(record(node)));
    }

    /** Waits until the node is listed no more: whatever its process does now, it will end. */
    void awaitUnlisted(String node) throws IOException, InterruptedException {
        await(
                node + " is listed no more",
                () -> !names(status().view().toView()).contains(node));
    }

    /** Waits until the node runs again in a process other than this one. */
    void awaitRestart(String node, long formerPid) throws IOException, InterruptedException {
        await(node + " is started again", () -> runsAnew(node, formerPid));
        TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
    }

    private boolean runsAnew(String node, long formerPid) throws IOException {
        try {
            return pid(node) != formerPid;
        } catch (NoSuchFileException betweenTwoLives) {
            return false;
        }
    }

    /** Waits until the node is listed again, every slot runs, every gate listens, and nothing has changed for a while. */
    void awaitBack(String node, int slots) throws IOException, InterruptedException {
        await(node + " is listed again", () -> {
            View view = status().view().toView();
            return names(view).contains(node);
        });
        for (long calm = -1, now = number(); calm != now; now = number()) {
            awaitWhole(slots);
            calm = now;
            TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
        }
        awaitGates();
    }

    void awaitGates() throws IOException, InterruptedException {
        for (InetSocketAddress gate : gates) {
            await("there is a gate at " + gate, () -> OtherProcess.listens(gate));
        }
    }

    private long number() throws IOException, InterruptedException {
        return status().view().toView().number();
    }

    private static List<String> names(View view) {
        List<String> names = new ArrayList<>();
        view.forEachMember(listing -> names.add(listing.name()));
        return names;
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

    // ---- Waiting, and the end

    /** Looked at fifty times a second. */
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

    /** Takes in what callers and their nodes see. */
    Witness witness() {
        return witness;
    }

    /**
     * Has the journal speak as well and says among the figures that nothing contradicts anything.
     *
     * @throws IOException if something does; everything that was seen is then in a file that it names
     */
    void judge(Map<String, @Nullable Object> figures) throws IOException, InterruptedException {
        try {
            witness.told(operator.history(PATIENCE));
        } catch (NoAnswerException nobody) {
            throw new IOException("logs are in " + dir, nobody);
        }
        List<Finding> findings = witness.findings();
        figures.put("invariants_held", findings.isEmpty());
        if (!findings.isEmpty()) {
            Path file = dir.resolve("history.txt");
            witness.write(file);
            throw new IOException(findings.getFirst() + "\nall that was seen is in " + file);
        }
    }

    /** Nothing went wrong: its directory may go. */
    void hasServed() {
        served = true;
    }

    /** Ends all processes. The directory stays, for whoever wants to know more, unless {@link #hasServed}. */
    @Override
    public void close() throws IOException {
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
        if (served) {
            delete();
        }
    }

    private void delete() throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
