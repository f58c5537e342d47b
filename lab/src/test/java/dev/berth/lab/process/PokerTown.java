package dev.berth.lab.process;

import dev.berth.node.launch.JavaCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** {@code ./berth poker} as it is, on other ports: each node a process. One thread. */
final class PokerTown implements AutoCloseable {
    private final Path dir;
    private final int port = inARow(5);
    private final int pages = inARow(3);
    private final Process launcher;

    /** @param words more of the command's */
    PokerTown(Path dir, String... words) throws Exception {
        this.dir = dir;
        List<String> command = new ArrayList<>(List.of(
                "tool",
                "poker",
                "--dir",
                dir.resolve("poker").toString(),
                "--port",
                "" + port,
                "--page-port",
                "" + pages));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(
                        JavaCommand.likeThisProcess().line(List.of("-Xmx256m"), List.of(), command))
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("launcher.log").toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE);
        // On the leash that nodes are on: it ends with this process, however that ends.
        builder.environment().put("BERTH_LAUNCHER", "tests");
        this.launcher = builder.start();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (!said().contains("tables are open")) {
            if (System.nanoTime() > end || !launcher.isAlive()) {
                close();
                throw new AssertionError("the tables do not open; the launcher said:\n" + said());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** So many free ports; below those that the system gives away by itself. */
    private static int inARow(int count) throws IOException {
        SplittableRandom dice = new SplittableRandom();
        for (int tries = 0; tries < 100; tries++) {
            int first = 10 * dice.nextInt(1_100, 3_200);
            if (areFree(first, count)) {
                return first;
            }
        }
        throw new IOException("no free ports");
    }

    private static boolean areFree(int first, int count) {
        for (int port = first; port < first + count; port++) {
            try {
                new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
            } catch (IOException taken) {
                return false;
            }
        }
        return true;
    }

    /** At one of the gates. */
    String page(int gate) {
        return "http://127.0.0.1:" + (pages + gate - 1) + "/";
    }

    /** As {@code kill -9}; the launcher starts it again. */
    void kill(String node) throws IOException {
        ProcessHandle.of(pid(node)).ifPresent(ProcessHandle::destroyForcibly);
    }

    long pid(String node) throws IOException {
        String record = Files.readString(dir.resolve("poker/.berth/poker/nodes").resolve(node + ".pid"));
        return Long.parseLong(record.substring(0, record.indexOf(' ')));
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
