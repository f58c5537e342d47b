package dev.berth.node.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code berth store} as a process of its own. One thread. */
final class StoreProcess implements AutoCloseable {
    private static final Pattern SERVING = Pattern.compile("SERVING .*listen=127\\.0\\.0\\.1:(\\d+) ");

    private final Process process;
    private final BufferedReader out;
    private final StringBuilder said = new StringBuilder();

    private StoreProcess(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** The main class of the process. */
    public static void main(String[] options) {
        System.exit(new StoreCommand().run(System.out, System.err, options));
    }

    static StoreProcess start(String... options) throws IOException {
        return start(List.of(), options);
    }

    static StoreProcess start(List<String> flags, String... options) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(flags);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.add(StoreProcess.class.getName());
        command.addAll(List.of(options));
        return new StoreProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Waits until it says that it serves, and where. */
    InetSocketAddress serving() throws Exception {
        return CompletableFuture.supplyAsync(this::readServing).get(60, TimeUnit.SECONDS);
    }

    private InetSocketAddress readServing() {
        return out.lines()
                .peek(line -> said.append(line).append('\n'))
                .map(SERVING::matcher)
                .filter(Matcher::find)
                .findFirst()
                .map(line -> new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(line.group(1))))
                .orElseThrow(() -> new AssertionError("the store has ended: " + said));
    }

    /** What it said until it ended by itself. */
    String ended() throws Exception {
        String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEnds();
        return all;
    }

    int exitCode() throws InterruptedException {
        assertEnds();
        return process.exitValue();
    }

    private void assertEnds() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end within a minute");
        }
    }

    long pid() {
        return process.pid();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertEnds();
    }

    /** Asks it to end. */
    void terminate() {
        process.destroy();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
