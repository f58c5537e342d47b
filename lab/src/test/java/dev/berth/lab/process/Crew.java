package dev.berth.lab.process;

import dev.berth.node.launch.JavaCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Nodes as processes, each started again when it ends; their words go to files. Any thread. */
final class Crew implements AutoCloseable {
    /** How one of them is started. */
    record Hand(String name, List<String> before, List<String> program, Map<String, String> environment) {}

    private final Path logs;
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private volatile boolean over;

    Crew(Path logs) {
        this.logs = logs;
    }

    synchronized void start(Hand hand) throws IOException {
        if (over) {
            return;
        }
        List<String> command = new ArrayList<>(hand.before());
        command.addAll(JavaCommand.likeThisProcess()
                .line(List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), List.of(), hand.program()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(hand.environment());
        File log = log(hand.name()).toFile();
        Process process = builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
        processes.put(hand.name(), process);
        var _ = process.onExit().thenRun(() -> again(hand));
    }

    private void again(Hand hand) {
        try {
            start(hand);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private Path log(String name) {
        return logs.resolve(name + ".log");
    }

    String said(String name) throws IOException {
        return Files.exists(log(name)) ? Files.readString(log(name)) : "";
    }

    @Override
    public void close() {
        List<Process> all;
        synchronized (this) {
            over = true;
            all = List.copyOf(processes.values());
        }
        all.forEach(Process::destroyForcibly);
        all.forEach(process -> process.onExit()
                .completeOnTimeout(process, 30, TimeUnit.SECONDS)
                .join());
    }
}
