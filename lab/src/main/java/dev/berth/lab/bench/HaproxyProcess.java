package dev.berth.lab.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** HAProxy in TCP mode before a port, as many threads as it starts by itself. One thread. */
final class HaproxyProcess implements AutoCloseable {
    private static final int CONNECTIONS = 4_000;

    private final Process process;
    private final Path file;
    private final int port;

    private HaproxyProcess(Process process, Path file, int port) {
        this.process = process;
        this.file = file;
        this.port = port;
    }

    /** Empty where it is not installed. */
    static Optional<HaproxyProcess> before(int target) throws IOException, InterruptedException {
        Optional<Path> program = Stream.of((System.getenv("PATH") + File.pathSeparator + "/usr/sbin").split(":", -1))
                .map(dir -> Path.of(dir, "haproxy"))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            return Optional.empty();
        }
        int port;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        Path file = Files.writeString(
                Files.createTempFile("berth-haproxy", ".cfg"), """
                    global
                      maxconn %d
                    defaults
                      mode tcp
                      timeout connect 5s
                      timeout client 10m
                      timeout server 10m
                    listen echo
                      bind 127.0.0.1:%d
                      server echo 127.0.0.1:%d
                    """.formatted(CONNECTIONS, port, target));
        Process process = new ProcessBuilder(program.get().toString(), "-db", "-q", "-f", file.toString())
                .inheritIO()
                .start();
        HaproxyProcess proxy = new HaproxyProcess(process, file, port);
        proxy.await();
        return Optional.of(proxy);
    }

    private void await() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < end && process.isAlive()) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        close();
        throw new IOException("haproxy does not listen");
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException inAHurry) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        Files.deleteIfExists(file);
    }
}
