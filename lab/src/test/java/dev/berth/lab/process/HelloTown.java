package dev.berth.lab.process;

import dev.berth.node.launch.JavaCommand;
import dev.berth.node.operate.ConfigCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** examples/hello as {@code berth up} starts it, on other ports: owners and gates, each a process. One thread. */
final class HelloTown implements AutoCloseable {
    private static final Pattern ALL_SERVE = Pattern.compile("all \\d+ serve");
    private final Path dir;
    private final int tcp = tens();
    private final int web = tens();
    private final int door = tens();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path conf;
    private final Process launcher;
    private final List<Process> added = new ArrayList<>();
    private long frozen;

    /** As its cluster file has it: two owners and two gates. */
    HelloTown(Path dir) throws Exception {
        this(dir, Files.readString(root().resolve("examples/hello/hello.conf")));
    }

    /** @param plan a cluster file, with the ports that the one of the example has; its gateways listen at 730{n} */
    HelloTown(Path dir, String plan) throws Exception {
        this.dir = dir;
        Path source = root().resolve("examples/hello");
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        dir.resolve("classes").toString(),
                        source.resolve("Hello.java").toString());
        if (code != 0) {
            throw new AssertionError("examples/hello/Hello.java does not compile");
        }
        String file = plan.replaceAll("730([{]n[}]|[1-3])", door / 10 + "$1")
                .replaceAll("740([{]n[}]|[1-3])", tcp / 10 + "$1")
                .replaceAll("750([{]n[}]|[1-3])", web / 10 + "$1")
                .replace("{here}", source.toString());
        for (String port : List.of("7281", "7271", "7291")) {
            file = file.replace(port, String.valueOf(freePort()));
        }
        conf = Files.writeString(dir.resolve("hello.conf"), file);
        // Those that it starts have its -XX: flags too: they live for seconds, most of which the second compiler would
        // take.
        ProcessBuilder builder = new ProcessBuilder(JavaCommand.likeThisProcess()
                        .line(
                                List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                                List.of(),
                                List.of("tool", "up", conf.toString())))
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("launcher.log").toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE);
        // On the leash that nodes are on: it ends with this process, however that ends.
        builder.environment().put("BERTH_LAUNCHER", "tests");
        this.launcher = builder.start();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!ALL_SERVE.matcher(said()).find()) {
            if (System.nanoTime() > end || !launcher.isAlive()) {
                close();
                throw new AssertionError("the game does not begin; the launcher said:\n" + said());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Where this checkout is. */
    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("examples"))
                ? here
                : here.resolve("..").normalize();
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /** Ten times a number, and the three ports behind it are free; below those that the system gives away by itself. */
    private static int tens() throws IOException {
        SplittableRandom dice = new SplittableRandom();
        for (int tries = 0; tries < 100; tries++) {
            int base = 10 * dice.nextInt(1_100, 3_200);
            try (ServerSocket _ = new ServerSocket(base + 1, 1, InetAddress.getLoopbackAddress());
                    ServerSocket _ = new ServerSocket(base + 2, 1, InetAddress.getLoopbackAddress());
                    ServerSocket _ = new ServerSocket(base + 3, 1, InetAddress.getLoopbackAddress())) {
                return base;
            } catch (IOException taken) {
                // Others.
            }
        }
        throw new IOException("no free ports");
    }

    String[] gates() {
        return new String[] {"tcp://127.0.0.1:" + (tcp + 1), "tcp://127.0.0.1:" + (tcp + 2)};
    }

    String[] webGates() {
        return browsers(web);
    }

    private static String[] browsers(int ports) {
        return new String[] {"ws://127.0.0.1:" + (ports + 1) + "/berth", "ws://127.0.0.1:" + (ports + 2) + "/berth"};
    }

    String[] gateways() {
        return new String[] {"tcp://127.0.0.1:" + (door + 1), "tcp://127.0.0.1:" + (door + 2)};
    }

    /** The page of a player, at one of the gates. */
    String page(int player) {
        return page(web, player);
    }

    /** The same at one of the gateways. */
    String pageOfAGateway(int player) {
        return page(door, player);
    }

    private static String page(int ports, int player) {
        return "http://127.0.0.1:" + (ports + 1 + player % 2) + "/?player=" + player + "&gates="
                + String.join("&gates=", browsers(ports));
    }

    /** As {@code kill -9}; the launcher starts them again. */
    void kill(String... nodes) throws IOException {
        for (String node : nodes) {
            ProcessHandle.of(pid(node)).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** As a machine that is frozen; {@link #thaw} lets it go on. */
    void freeze(String node) throws IOException, InterruptedException {
        frozen = pid(node);
        signal("-STOP", frozen);
    }

    void thaw() throws IOException, InterruptedException {
        signal("-CONT", frozen);
    }

    private static void signal(String signal, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, String.valueOf(pid)).start().waitFor();
    }

    private long pid(String node) throws IOException {
        String record = Files.readString(dir.resolve(".berth/hello/nodes").resolve(node + ".pid"));
        return Long.parseLong(record.substring(0, record.indexOf(' ')));
    }

    /** {@code berth config set}, which must succeed. */
    void set(String key, String value) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        if (new ConfigCommand().run(out, out, "set", key, value, "--file", conf.toString()) != 0) {
            throw new AssertionError("berth config set " + key + " has failed: " + said);
        }
    }

    /** One more node like this one, called {@code NAME-3}, as a launcher on another machine would start it. */
    void addThird(String like) throws IOException {
        Path its = Path.of("/proc", String.valueOf(pid(like + "-2")));
        List<String> command = Stream.of(
                        Files.readString(its.resolve("cmdline")).split("\0", 0))
                .map(this::third)
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve(".berth/hello/logs")
                        .resolve(like + "-3.log")
                        .toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE);
        for (String variable : Files.readString(its.resolve("environ")).split("\0", 0)) {
            String[] parts = variable.split("=", 2);
            builder.environment().put(parts[0], third(parts[1].replace(like + "-2", like + "-3")));
        }
        added.add(builder.start());
    }

    private String third(String word) {
        return word.equals("127.0.0.1:" + (tcp + 2)) || word.equals("127.0.0.1:" + (web + 2))
                ? word.substring(0, word.length() - 1) + 3
                : word;
    }

    /** A number that the node with this number shows at /metrics, at 750{n}, summed over its labels; -1 if it shows nothing at this moment. */
    double metric(int node, String name) throws InterruptedException {
        URI metrics = URI.create("http://127.0.0.1:" + (web + node) + "/metrics");
        try {
            return http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofLines())
                    .body()
                    .filter(line -> line.matches(name + "(\\{.*)? .*"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .reduce(Double::sum)
                    .orElse(-1);
        } catch (IOException gone) {
            return -1;
        }
    }

    String said() throws IOException {
        return Files.readString(dir.resolve("launcher.log"));
    }

    @Override
    public void close() {
        added.forEach(Process::destroyForcibly);
        http.shutdownNow();
        launcher.toHandle().destroy();
        launcher.onExit().completeOnTimeout(launcher, 30, TimeUnit.SECONDS).join();
        launcher.destroyForcibly();
    }
}
