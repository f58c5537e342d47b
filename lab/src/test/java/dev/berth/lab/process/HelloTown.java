package dev.berth.lab.process;

import dev.berth.node.launch.JavaCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.tools.ToolProvider;

/** examples/hello as {@code berth up} starts it, on other ports: two owners and two gates, each a process. One thread. */
final class HelloTown implements AutoCloseable {
    private final Path dir;
    private final int tcp = tens();
    private final int web = tens();
    private final Process launcher;

    HelloTown(Path dir) throws Exception {
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
        String file = Files.readString(source.resolve("hello.conf"))
                .replace("740{n}", tcp / 10 + "{n}")
                .replace("750{n}", web / 10 + "{n}");
        for (String port : List.of("7281", "7271", "7291")) {
            file = file.replace(port, String.valueOf(freePort()));
        }
        Path conf = Files.writeString(dir.resolve("hello.conf"), file);
        ProcessBuilder builder = new ProcessBuilder(JavaCommand.likeThisProcess()
                        .line(List.of("-Xmx128m"), List.of(), List.of("tool", "up", conf.toString())))
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("launcher.log").toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE);
        // On the leash that nodes are on: it ends with this process, however that ends.
        builder.environment().put("BERTH_LAUNCHER", "tests");
        this.launcher = builder.start();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!said().contains("all 7 serve")) {
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

    /** Ten times a number, and the two ports behind it are free; below those that the system gives away by itself. */
    private static int tens() throws IOException {
        SplittableRandom dice = new SplittableRandom();
        for (int tries = 0; tries < 100; tries++) {
            int base = 10 * dice.nextInt(1_100, 3_200);
            try (ServerSocket _ = new ServerSocket(base + 1, 1, InetAddress.getLoopbackAddress());
                    ServerSocket _ = new ServerSocket(base + 2, 1, InetAddress.getLoopbackAddress())) {
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
        return new String[] {"ws://127.0.0.1:" + (web + 1) + "/berth", "ws://127.0.0.1:" + (web + 2) + "/berth"};
    }

    /** As {@code kill -9}; the launcher starts them again. */
    void kill(String... nodes) throws IOException {
        for (String node : nodes) {
            String record = Files.readString(dir.resolve(".berth/hello/nodes").resolve(node + ".pid"));
            ProcessHandle.of(Long.parseLong(record.substring(0, record.indexOf(' '))))
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    String said() throws IOException {
        return Files.readString(dir.resolve("launcher.log"));
    }

    @Override
    public void close() {
        launcher.toHandle().destroy();
        launcher.onExit().completeOnTimeout(launcher, 30, TimeUnit.SECONDS).join();
        launcher.destroyForcibly();
    }
}
