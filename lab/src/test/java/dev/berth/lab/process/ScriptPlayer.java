package dev.berth.lab.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** clients/js/berth.js in a Node of its own, with JSON bodies. One thread. */
final class ScriptPlayer implements AutoCloseable {
    private final Process node;
    private final Writer in;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> heard = new ArrayList<>();

    ScriptPlayer(String name, String... gates) throws IOException {
        Path root = HelloTown.root();
        List<String> command = new ArrayList<>(List.of(
                "node",
                "--experimental-websocket",
                "--no-warnings",
                root.resolve("lab/src/test/resources/clients/player.mjs").toString(),
                root.resolve("clients/js/berth.js").toUri().toString(),
                name));
        command.addAll(List.of(gates));
        node = new ProcessBuilder(command).redirectErrorStream(true).start();
        in = node.outputWriter(StandardCharsets.UTF_8);
        Thread.startVirtualThread(() -> {
            try (BufferedReader out = node.inputReader(StandardCharsets.UTF_8)) {
                out.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException over) {
                lines.add("over: " + over.getMessage());
            }
        });
    }

    /** Whether there is a Node that has WebSocket, or can be told to have it: 20.10 or newer. */
    static boolean canRun() {
        try {
            Process node = new ProcessBuilder(
                            "node",
                            "--experimental-websocket",
                            "-e",
                            "process.exit(typeof WebSocket === 'function' ? 0 : 1)")
                    .redirectErrorStream(true)
                    .start();
            return node.waitFor(20, TimeUnit.SECONDS) && node.exitValue() == 0;
        } catch (IOException | InterruptedException none) {
            return false;
        }
    }

    void say(String type, String json) throws IOException {
        in.write(type + " " + json + "\n");
        in.flush();
    }

    /** All it has heard of this kind, once there are so many. */
    List<String> heard(int count, Predicate<String> kind) throws InterruptedException {
        while (heard.stream().filter(kind).count() < count) {
            String next = lines.poll(60, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing for a minute, after " + heard);
            }
            heard.add(next);
        }
        lines.drainTo(heard);
        return heard.stream().filter(kind).toList();
    }

    @Override
    public void close() {
        node.destroyForcibly();
    }
}
