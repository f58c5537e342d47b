package dev.berth.lab.bench;

import dev.berth.lab.bench.Samples.Figures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

// Two processes on one machine. The other one answers in all ways at once, each on a port of its own; this one measures
// them one after the other, all of them twice, and prints the second round.

/**
 * 64 bytes there and back: over a pipe, over bare Netty, over a blocking socket.
 *
 * <pre>
 * java @jvm.flags -cp "lab/target/classes:$(cat lab/target/classpath)" dev.berth.lab.bench.LinkBenchmark
 * </pre>
 *
 * Only some with arguments such as {@code pipe1 netty256}.
 */
public final class LinkBenchmark {
    private static final int WINDOW = 256;
    private static final String PORTS = "ports ";

    private LinkBenchmark() {}

    public static void main(String[] args) throws Exception {
        if (List.of(args).contains("answer")) {
            answer();
        } else {
            measure(List.of(args));
        }
    }

    private static void answer() throws IOException {
        try (Echo raw = new RawEcho();
                Echo second = new RawEcho();
                Echo netty = new NettyEcho();
                Echo link = new LinkEcho()) {
            System.out.println(PORTS + raw.serve() + " " + second.serve() + " " + netty.serve() + " " + link.serve());
            System.out.flush();
            // The measuring process keeps this open for as long as it lives.
            System.in.readAllBytes();
        }
    }

    private static void measure(List<String> only) throws Exception {
        Process other = other();
        try (BufferedReader out =
                        new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8));
                Echo raw = new RawEcho();
                Echo netty = new NettyEcho();
                Echo link = new LinkEcho()) {
            String[] ports = ports(out);
            int nettyPort = Integer.parseInt(ports[2]);
            int linkPort = Integer.parseInt(ports[3]);
            System.out.println("this process " + ProcessHandle.current().pid() + ", the other " + other.pid());
            for (int round = 0; round < 2; round++) {
                System.out.println(round == 0 ? "first round" : "second round");
                measure(only, "raw", raw, Integer.parseInt(ports[round]), 1);
                measure(only, "netty", netty, nettyPort, 1);
                measure(only, "pipe", link, linkPort, 1);
                measure(only, "netty", netty, nettyPort, WINDOW);
                measure(only, "pipe", link, linkPort, WINDOW);
            }
        } finally {
            other.destroy();
            other.waitFor();
        }
    }

    /** What the other process says first, besides what it may log. */
    private static String[] ports(BufferedReader out) throws IOException {
        String line = out.readLine();
        while (line != null && !line.startsWith(PORTS)) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("the other process has ended without a word");
        }
        return line.substring(PORTS.length()).split(" ", -1);
    }

    private static Process other() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LinkBenchmark.class.getName(), "answer"));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void measure(List<String> only, String name, Echo echo, int port, int window) throws IOException {
        if (!only.isEmpty() && !only.contains(name + window)) {
            return;
        }
        Figures figures = echo.measure(port, window);
        System.out.println(String.format(
                Locale.ROOT,
                "%-6s %4d at a time %10.0f per second   p50 %7.1f us   p99 %7.1f us",
                name,
                window,
                figures.perSecond(),
                figures.p50Micros(),
                figures.p99Micros()));
    }
}
