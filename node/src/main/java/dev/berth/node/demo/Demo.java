package dev.berth.node.demo;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.Proposal;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.protocol.Protocol;
import dev.berth.node.launch.JavaCommand;
import dev.berth.node.launch.RollCommand;
import dev.berth.node.link.Secret;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.operate.History;
import dev.berth.node.operate.NoAnswerException;
import dev.berth.node.operate.Operator;
import dev.berth.node.worker.Node;
import dev.berth.node.worker.NodeConfig;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

// The nodes are the children of a launcher, which is a process of its own: what is done to them is done by signals, as
// it would be on any machine. The callers are here.

/** The story of a night: a cluster is used while its processes are killed, stopped and drained. One thread. */
final class Demo implements AutoCloseable {
    private static final String CLUSTER = "demo";
    private static final int SLOTS = 3;
    private static final int CALLERS_PER_SLOT = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern ZOMBIE = Pattern.compile(Pattern.quote(DemoWorker.ZOMBIE) + "(\\d+) accepted=(\\d+)");

    private final Path dir;
    private final Consumer<String> say;
    private final List<InetSocketAddress> masters = new ArrayList<>();
    private final Callers callers = new Callers();
    private final Traders traders = new Traders();
    private long seen = -1;
    private @Nullable Process launcher;
    private @Nullable Operator operator;
    private @Nullable Node gate;

    Demo(Path dir, Consumer<String> say) {
        this.dir = dir;
        this.say = say;
    }

    Figures run() throws IOException, InterruptedException {
        start();
        quiet(3);
        killAWorker();
        stopAWorker();
        killTheLeadingMaster();
        killTheStore();
        drainAWorker();
        rollEverything();
        callers.stop();
        traders.stop();
        say.accept(
                "the callers have stopped; what they were told is compared with what is there, and with the journal");
        callers.compare();
        Traders.Count gold = traders.count();
        callers.witness.told(journal());
        int[] zombie = zombieWrites();
        return new Figures(
                callers.done.get(),
                callers.failed.get(),
                callers.refused.get(),
                callers.unknown.get(),
                callers.gaps(),
                zombie[0],
                zombie[1],
                callers.witness.lost(),
                callers.witness.doubleOwners(),
                callers.witness.findings(),
                gold);
    }

    /** What was seen, in a file of its own. */
    Path history() throws IOException {
        Path file = dir.resolve("history.txt");
        callers.witness.write(file);
        return file;
    }

    // ---- The cluster

    private void start() throws IOException, InterruptedException {
        Path file = write();
        say.accept("starts a coordinator, 2 masters, a store and 4 workers, each a process of its own");
        List<String> command =
                JavaCommand.likeThisProcess().line(List.of(), List.of(), List.of("tool", "up", file.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("launcher.log").toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE);
        // On the leash that nodes are on: it ends with this process, however that ends.
        builder.environment().put("BERTH_LAUNCHER", "demo");
        launcher = builder.start();
        Path secret = dir.resolve("secret");
        until("the secret is written", () -> Files.isReadable(secret) && Files.size(secret) > 0);
        Secret shared = Secret.ofFile(secret);
        operator = new Operator(TransportConfig.of(CLUSTER, shared, Protocol.VERSIONS), masters);
        gate = Node.start(NodeConfig.of(CLUSTER, shared, "callers", masters));
        await("every slot runs", Demo::allRun);
        say.accept("every slot runs; " + SLOTS * CALLERS_PER_SLOT + " callers begin");
        callers.start(gate, SLOTS, CALLERS_PER_SLOT);
        traders.start(gate);
    }

    private Path write() throws IOException {
        int coordinator = freePort();
        for (int i = 0; i < 2; i++) {
            masters.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort()));
        }
        Path file = dir.resolve("demo.conf");
        Files.writeString(file, """
            cluster = %s
            secret-file = "%s"
            state = "%s"
            coordinator { port = %d, dir = "%s" }
            masters = ["127.0.0.1:%d", "127.0.0.1:%d"]
            services { kv = %d, purses = { capacity = 3, buckets = 8, rebalance = false } }
            nodes {
              store { kind = store, listen = "127.0.0.1:%d", jvm = [-Xmx256m, "-XX:+UseSerialGC"] }
              worker {
                kind = worker
                count = 4
                class = %s
                services { kv = standby, purses = { slots = 2, standby = true } }
                jvm = [-Xmx128m, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
              }
            }
            """.formatted(
                        CLUSTER,
                        dir.resolve("secret"),
                        dir.resolve("state"),
                        coordinator,
                        dir.resolve("coordinator"),
                        masters.get(0).getPort(),
                        masters.get(1).getPort(),
                        SLOTS,
                        freePort(),
                        DemoWorker.class.getName()));
        return file;
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    // ---- What happens to it

    private void killAWorker() throws IOException, InterruptedException {
        String victim = owner(1);
        callers.during("a worker is killed");
        say.accept("kill -9 " + victim + ", which owns kv/1");
        signal("KILL", victim);
        await("kv/1 runs elsewhere", view -> allRun(view) && !victim.equals(name(view, 1)));
        settled("kv/1 runs at " + owner(1));
    }

    private void stopAWorker() throws IOException, InterruptedException {
        String victim = owner(2);
        callers.during("a worker is stopped past its lease");
        say.accept("kill -STOP " + victim + ", which owns kv/2, until somebody else owns that");
        signal("STOP", victim);
        await("kv/2 runs elsewhere", view -> allRun(view) && !victim.equals(name(view, 2)));
        say.accept("kv/2 runs at " + owner(2) + "; kill -CONT " + victim + ", which then writes under its old epoch");
        signal("CONT", victim);
        until("it has tried", () -> zombieWrites()[0] > 0);
        settled("the store has refused " + (zombieWrites()[0] - zombieWrites()[1]) + " of " + zombieWrites()[0]
                + " writes");
    }

    private void killTheLeadingMaster() throws IOException, InterruptedException {
        ClusterMessage.Status before = status();
        callers.during("the leading master is killed");
        String victim = "master-" + before.leader().replaceAll("\\D", "");
        say.accept("kill -9 " + victim + ", which leads in term " + before.term());
        signal("KILL", victim);
        until("another master leads", () -> status().term() > before.term());
        settled("term " + status().term() + " is led by " + status().leader());
    }

    private void killTheStore() throws IOException, InterruptedException {
        callers.during("the store is killed");
        say.accept("kill -9 store");
        long before = callers.done.get();
        signal("KILL", "store");
        until("calls are answered again", () -> callers.done.get() > before + 100);
        settled("the store is back, and has all that was acknowledged");
    }

    private void drainAWorker() throws IOException, InterruptedException {
        String node = owner(1);
        callers.during("a worker is drained");
        say.accept("drains " + node);
        drain(node, true);
        await("it owns nothing", now -> allRun(now) && names(now).stream().noneMatch(node::equals));
        settled(node + " owns nothing any more");
        drain(node, false);
    }

    private void drain(String node, boolean on) throws IOException, InterruptedException {
        View view = status().view().toView();
        try {
            ClusterMessage.Decided decided = theOperator()
                    .propose(new Proposal.DrainNode(member(view, node).id(), on), PATIENCE);
            if (!decided.accepted()) {
                throw new IOException("the drain was refused: " + decided.reason());
            }
        } catch (NoAnswerException nobody) {
            throw new IOException(nobody);
        }
    }

    private void rollEverything() throws IOException, InterruptedException {
        callers.during("every node is rolled");
        say.accept("berth roll: each worker, the store, both masters, one at a time");
        PrintWriter lines = new PrintWriter(new Lines(line -> say.accept("roll " + line)));
        int code = new RollCommand()
                .run(lines, lines, "--state", dir.resolve("state").toString());
        if (code != 0) {
            throw new IOException("the roll has stopped; see " + dir + File.separator + "launcher.log");
        }
        settled("every node but the coordinator has been replaced");
    }

    /** Hands on what is printed, line by line. */
    private static final class Lines extends Writer {
        private final StringBuilder line = new StringBuilder();
        private final Consumer<String> each;

        Lines(Consumer<String> each) {
            this.each = each;
        }

        @Override
        public void write(char[] text, int from, int length) {
            for (char letter : new String(text, from, length).toCharArray()) {
                if (letter == '\n') {
                    each.accept(line.toString().strip());
                    line.setLength(0);
                } else {
                    line.append(letter);
                }
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private void settled(String what) throws InterruptedException {
        say.accept(what);
        quiet(2);
        say.accept("  " + traders.picture());
        callers.during("none");
    }

    private static void quiet(int seconds) throws InterruptedException {
        TimeUnit.SECONDS.sleep(seconds);
    }

    /** To the node's own process, by the number that the launcher has written down. */
    private void signal(String signal, String node) throws IOException, InterruptedException {
        String record = Files.readString(dir.resolve("state").resolve("nodes").resolve(node + ".pid"));
        String pid = record.substring(0, record.indexOf(' '));
        int code = new ProcessBuilder("kill", "-" + signal, pid)
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + signal + " " + pid + " (" + node + ") failed");
        }
    }

    // ---- What is seen of it

    private Operator theOperator() {
        Operator there = operator;
        if (there == null) {
            throw new IllegalStateException("not started");
        }
        return there;
    }

    private ClusterMessage.Status status() throws IOException, InterruptedException {
        try {
            ClusterMessage.Status status = theOperator().status(PATIENCE);
            if (status.view().number() != seen) {
                seen = status.view().number();
                callers.witness.saw(
                        "the master " + status.leader(), status.view().toView());
            }
            return status;
        } catch (NoAnswerException nobody) {
            throw new IOException(nobody);
        }
    }

    private History journal() throws IOException, InterruptedException {
        try {
            return theOperator().history(PATIENCE);
        } catch (NoAnswerException nobody) {
            throw new IOException(nobody);
        }
    }

    private String owner(int slot) throws IOException, InterruptedException {
        return name(status().view().toView(), slot);
    }

    private static boolean allRun(View view) {
        boolean[] all = {view.service(DemoWorker.SERVICE) != null};
        view.forEachUnit((_, state) -> all[0] &= state instanceof SlotState.Running);
        return all[0];
    }

    private static String name(View view, int slot) {
        SlotState state = view.slot(new dev.berth.core.cluster.SlotId(DemoWorker.SERVICE, slot));
        Listing listing = state == null ? null : view.member(state.owner().node());
        return listing == null ? "nobody" : listing.name();
    }

    private static Set<String> names(View view) {
        Set<String> all = new TreeSet<>();
        for (int slot = 1; slot <= SLOTS; slot++) {
            all.add(name(view, slot));
        }
        return all;
    }

    private static Listing member(View view, String name) throws IOException {
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

    private void await(String what, Predicate<View> holds) throws IOException, InterruptedException {
        until(what, () -> holds.test(status().view().toView()));
    }

    /** Looked at a few times a second. */
    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private void until(String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            Process running = launcher;
            if (System.nanoTime() > end || (running != null && !running.isAlive())) {
                throw new IOException(
                        "waited in vain until " + what + "; see " + dir + File.separator + "launcher.log");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Tried and accepted, as the workers have printed. */
    private int[] zombieWrites() {
        int[] sum = new int[2];
        try (Stream<Path> logs = Files.list(dir.resolve("state").resolve("logs"))) {
            for (Path log : logs.toList()) {
                Matcher said = ZOMBIE.matcher(Files.readString(log));
                while (said.find()) {
                    sum[0] += Integer.parseInt(said.group(1));
                    sum[1] += Integer.parseInt(said.group(2));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sum;
    }

    @Override
    public void close() {
        // Whoever is in a hurry waits here all the same: a launcher that is killed has not ended its nodes.
        boolean hurry = Thread.interrupted();
        if (gate != null) {
            gate.close();
        }
        if (operator != null) {
            operator.close();
        }
        Process running = launcher;
        if (running != null) {
            running.toHandle().destroy();
            try {
                if (!running.waitFor(30, TimeUnit.SECONDS)) {
                    running.destroyForcibly();
                }
            } catch (InterruptedException again) {
                hurry = true;
                running.destroyForcibly();
            }
        }
        if (hurry) {
            Thread.currentThread().interrupt();
        }
    }

    static void delete(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
