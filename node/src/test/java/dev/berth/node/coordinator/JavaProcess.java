package dev.berth.node.coordinator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A class of the tests in a process of its own; what it prints can be waited for. Any thread. */
public final class JavaProcess implements AutoCloseable {
    private final Process process;
    private final Eventually<String> lines = new Eventually<>();

    public JavaProcess(Class<?> main, String... args) throws IOException {
        this(List.of(), main, args);
    }

    /** @param before the command that runs the process, for example in other surroundings */
    JavaProcess(List<String> before, Class<?> main, String... args) throws IOException {
        List<String> words = new ArrayList<>(before);
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        words.addAll(List.of(args));
        process = new ProcessBuilder(words).redirectErrorStream(true).start();
        Thread.ofVirtual().start(this::listen);
    }

    private void listen() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException gone) {
            lines.add("(its output has ended: " + gone.getMessage() + ")");
        }
    }

    public String awaitLine(String part) throws InterruptedException {
        return lines.await("a line with '" + part + "'", line -> line.contains(part));
    }

    /** Of a coordinator: waits until it serves; returns its address. */
    String awaitServing() throws InterruptedException {
        String line = awaitLine("coordinator serves on ");
        return line.substring("coordinator serves on ".length(), line.indexOf(','));
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the process does not end");
        }
        return process.exitValue();
    }

    /** With -9. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitExit();
    }

    /** As a machine that is frozen; {@link #thaw} lets it go on. */
    public void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    public void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", signal, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new AssertionError("kill " + signal + " failed with " + exit);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
