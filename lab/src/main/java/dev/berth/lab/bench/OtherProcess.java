package dev.berth.lab.bench;

import dev.berth.node.launch.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

// A virtual machine like this one, with the same flags and class path. Its output is read to the end, so that it never
// waits for us to listen; its input is open for as long as this process lives, so that it can end with us.

/** The other process of a measurement. Any thread. */
final class OtherProcess implements AutoCloseable {
    private static final String SAYS = "ready ";
    /** What a main method of ours says when it is. */
    static final Pattern READY = Pattern.compile("^" + SAYS + "(.*)");

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String name;
    private final Process process;
    private final Pattern wanted;
    private final CompletableFuture<MatchResult> found = new CompletableFuture<>();

    private OtherProcess(String name, Process process, Pattern wanted) {
        this.name = name;
        this.process = process;
        this.wanted = wanted;
        // Reading a pipe holds on to the thread, which must not be one that carries virtual threads.
        Thread.ofPlatform().daemon().name("bench-" + name).start(this::listen);
    }

    /** Starts the main method of a class, which then says {@link #ready}. */
    static OtherProcess ofClass(Class<?> main, String... arguments) throws IOException {
        return start(READY, List.of(), "class", main.getName(), arguments);
    }

    /** Starts a command of {@code berth}, and waits for a line in which this is found. */
    static OtherProcess ofTool(String tool, Pattern ready, String... arguments) throws IOException {
        return start(ready, List.of(), "tool", tool, arguments);
    }

    /** The same, with options for the virtual machine. */
    static OtherProcess start(Pattern ready, List<String> jvm, String kind, String name, String... arguments)
            throws IOException {
        List<String> program = new ArrayList<>(List.of(kind, name));
        program.addAll(List.of(arguments));
        List<String> line = JavaCommand.likeThisProcess().line(jvm, List.of(), program);
        Process process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new OtherProcess(name, process, ready);
    }

    private void listen() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                Matcher matcher = wanted.matcher(line);
                if (matcher.find()) {
                    found.complete(matcher.toMatchResult());
                }
            }
            found.completeExceptionally(new IOException(name + " has ended without a word"));
        } catch (IOException lost) {
            found.completeExceptionally(lost);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Waits for the line wanted. */
    MatchResult found() throws IOException, InterruptedException {
        return found(PATIENCE);
    }

    private MatchResult found(Duration patience) throws IOException, InterruptedException {
        try {
            return found.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new IOException(name + " did not get ready", failed);
        } catch (TimeoutException late) {
            throw new IOException(name + " was not ready after " + patience.toSeconds() + " s", late);
        }
    }

    /** Waits for the words that the process says with {@link #ready}. */
    List<String> words() throws IOException, InterruptedException {
        return words(PATIENCE);
    }

    /** The same of one that says them when it has done its work. */
    List<String> words(Duration patience) throws IOException, InterruptedException {
        return List.of(found(patience).group(1).split(" ", -1));
    }

    /** Whether somebody listens there. */
    static boolean listens(InetSocketAddress address) throws IOException {
        try (Socket probe = new Socket()) {
            probe.connect(address);
            return true;
        } catch (ConnectException notYet) {
            return false;
        }
    }

    /** Called in the other process: says these words to the first one, and returns when that has closed. */
    static void ready(Object... words) throws IOException {
        List<String> texts = new ArrayList<>();
        for (Object word : words) {
            texts.add(word.toString());
        }
        System.out.println(SAYS + String.join(" ", texts));
        System.out.flush();
        System.in.readAllBytes();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.onExit().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException late) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
