package dev.berth.node.simpledb;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program in {@code examples/python}, running. One thread. */
final class PythonProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    private PythonProcess(List<String> program, List<String> arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("python3", "-B"));
        words.addAll(program);
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("PYTHONPATH", directory());
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        process = builder.start();
        lines = process.inputReader(StandardCharsets.UTF_8);
    }

    private static String directory() {
        Path here = Path.of("").toAbsolutePath();
        Path checkout = Files.exists(here.resolve("examples")) ? here : here.resolveSibling("");
        return checkout + "/examples/python";
    }

    static PythonProcess simpledb(List<String> arguments) throws IOException {
        return new PythonProcess(List.of(directory() + "/simpledb.py"), arguments);
    }

    /** A program of its own; {@code sys.argv[1]} is the first argument. */
    static PythonProcess of(String program, List<String> arguments) throws IOException {
        return new PythonProcess(List.of("-c", program), arguments);
    }

    static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 8))")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    /** The next line that it prints; null when it has ended. */
    String line() throws IOException {
        return lines.readLine();
    }

    /** All that it prints until it ends. */
    String words() throws IOException, InterruptedException {
        String all = lines.readAllAsString().strip();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            throw new AssertionError("it does not end");
        }
        return all;
    }

    void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
