package dev.berth.node.demo;

import dev.berth.core.cluster.ClusterMessage;
import dev.berth.core.cluster.Listing;
import dev.berth.core.cluster.SlotId;
import dev.berth.core.cluster.SlotState;
import dev.berth.core.cluster.View;
import dev.berth.core.protocol.Protocol;
import dev.berth.node.audit.Witness;
import dev.berth.node.launch.JavaCommand;
import dev.berth.node.launch.RollCommand;
import dev.berth.node.link.Secret;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.operate.History;
import dev.berth.node.operate.NoAnswerException;
import dev.berth.node.operate.Operator;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
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
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.stream.Stream;

// The nodes are the children of a launcher, which is a process of its own: what is done to them is done by signals, as
// it would be on any machine.

/**
 * A cluster file's nodes as {@code berth up} starts them, for whoever does to them what happens at night. Its directory has the state in {@code state} and
 * the secret in {@code secret}. One thread, but {@link #signal} and what only looks.
 */
public final class LaunchedCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int LOOK_MILLIS = 20;
    private static final int PORTS_FROM = 11_000;
    private static final int PORTS_TO = 32_000;
    private static final int PORT_TRIES = 1_000;

    private final Path dir;
    private final Process launcher;
    private final Secret secret;
    private final Operator operator;
    private final Witness witness;
    private long seen = -1;

    /** @param witness sees every view that a master shows here */
    public LaunchedCluster(Path dir, Path file, String cluster, List<InetSocketAddress> masters, Witness witness)
            throws IOException, InterruptedException {
        this.dir = dir;
        this.witness = witness;
        List<String> command =
                JavaCommand.likeThisProcess().line(List.of(), List.of(), List.of("tool", "up", file.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("launcher.log").toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE);
        // On the leash that nodes are on: it ends with this process, however that ends.
        builder.environment().put("BERTH_LAUNCHER", "demo");
        launcher = builder.start();
        try {
            Path written = dir.resolve("secret");
            until("the secret is written", () -> Files.isReadable(written) && Files.size(written) > 0);
            secret = Secret.ofFile(written);
            operator = new Operator(TransportConfig.of(cluster, secret, Protocol.VERSIONS), masters);
        } catch (IOException | InterruptedException | RuntimeException failed) {
            end();
            throw failed;
        }
    }

    public Secret secret() {
        return secret;
    }

    public Operator operator() {
        return operator;
    }

    /**
     * Below those that the system gives to whoever connects: a server that is killed finds its own free again. All at once, or one would be given twice.
     */
    public static List<Integer> freePorts(int count) throws IOException {
        SplittableRandom dice = new SplittableRandom();
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int tries = 0; held.size() < count && tries < PORT_TRIES; tries++) {
                try {
                    held.add(new ServerSocket(dice.nextInt(PORTS_FROM, PORTS_TO), 1, InetAddress.getLoopbackAddress()));
                } catch (IOException taken) {
                    // Another one.
                }
            }
            if (held.size() < count) {
                throw new IOException(
                        "there are no " + count + " free ports between " + PORTS_FROM + " and " + PORTS_TO);
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket each : held) {
                each.close();
            }
        }
    }

    // ---- What is done to it

    /** To the node's own process, by the number that the launcher has written down. */
    public void signal(String signal, String node) throws IOException, InterruptedException {
        long pid = pid(node);
        if (pid == 0) {
            throw new IOException("kill -" + signal + " " + node + ": it does not run");
        }
        int code = new ProcessBuilder("kill", "-" + signal, String.valueOf(pid))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + signal + " " + pid + " (" + node + ") failed");
        }
    }

    /** Of the node's process; 0 while it has none. */
    public long pid(String node) throws IOException {
        try {
            String record =
                    Files.readString(dir.resolve("state").resolve("nodes").resolve(node + ".pid"));
            return Long.parseLong(record.substring(0, Math.max(0, record.indexOf(' '))));
        } catch (NoSuchFileException | NumberFormatException between) {
            return 0;
        }
    }

    /** Kills it with -9; returns when its launcher has started another process for it. */
    public void kill(String node) throws IOException, InterruptedException {
        long before = pid(node);
        signal("KILL", node);
        until(node + " is started again", () -> pid(node) != 0 && pid(node) != before);
    }

    /** With kill -9; returns when another one leads. */
    public void killTheLeadingMaster(Consumer<String> say) throws IOException, InterruptedException {
        ClusterMessage.Status before = status();
        String victim = "master-" + before.leader().replaceAll("\\D", "");
        say.accept("kill -9 " + victim + ", which leads in term " + before.term());
        signal("KILL", victim);
        until("another master leads", () -> status().term() > before.term());
    }

    /** {@code berth roll} with these words, to its end. */
    public void roll(Consumer<String> say, String... words) throws IOException {
        PrintWriter lines = new PrintWriter(new Lines(line -> say.accept("roll " + line)));
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--state", dir.resolve("state").toString()));
        if (new RollCommand().run(lines, lines, all.toArray(String[]::new)) != 0) {
            throw new IOException("the roll has stopped; see " + dir + File.separator + "launcher.log");
        }
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

    // ---- What is seen of it

    public ClusterMessage.Status status() throws IOException, InterruptedException {
        try {
            ClusterMessage.Status status = operator.status(PATIENCE);
            if (status.view().number() != seen) {
                seen = status.view().number();
                witness.saw("the master " + status.leader(), status.view().toView());
            }
            return status;
        } catch (NoAnswerException nobody) {
            throw new IOException(nobody);
        }
    }

    public History journal() throws IOException, InterruptedException {
        try {
            return operator.history(PATIENCE);
        } catch (NoAnswerException nobody) {
            throw new IOException(nobody);
        }
    }

    /** The name of the node that owns it, or nobody. */
    public static String owner(View view, SlotId slot) {
        SlotState state = view.slot(slot);
        Listing listing = state == null ? null : view.member(state.owner().node());
        return listing == null ? "nobody" : listing.name();
    }

    public void await(String what, Predicate<View> holds) throws IOException, InterruptedException {
        until(what, () -> holds.test(status().view().toView()));
    }

    /** Looked at many times a second. */
    public interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** Waits for it; an IOException if that is in vain. */
    public void until(String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end || !launcher.isAlive()) {
                throw new IOException(
                        "waited in vain until " + what + "; see " + dir + File.separator + "launcher.log");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** What {@link Ghost} has tried and what was accepted, as the nodes have printed. */
    public int[] zombieWrites() {
        int[] sum = new int[2];
        said(log -> {
            Matcher said = Ghost.SAID.matcher(log);
            while (said.find()) {
                sum[0] += Integer.parseInt(said.group(1));
                sum[1] += Integer.parseInt(said.group(2));
            }
        });
        return sum;
    }

    /** What each node has printed so far. */
    public void said(Consumer<String> each) {
        try (Stream<Path> logs = Files.list(dir.resolve("state").resolve("logs"))) {
            for (Path log : logs.toList()) {
                each.accept(Files.readString(log));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- Its end

    @Override
    public void close() {
        operator.close();
        end();
    }

    private void end() {
        // Whoever is in a hurry waits here all the same: a launcher that is killed has not ended its nodes.
        boolean hurry = Thread.interrupted();
        launcher.toHandle().destroy();
        try {
            if (!launcher.waitFor(30, TimeUnit.SECONDS)) {
                launcher.destroyForcibly();
            }
        } catch (InterruptedException again) {
            hurry = true;
            launcher.destroyForcibly();
        }
        if (hurry) {
            Thread.currentThread().interrupt();
        }
    }

    public static void delete(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
