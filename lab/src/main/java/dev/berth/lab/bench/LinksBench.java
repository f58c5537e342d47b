package dev.berth.lab.bench;

import dev.berth.lab.bench.Samples.Figures;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

// Two processes on one machine. The other one answers in all ways at once, each on a port of its own; this one measures
// them one after the other, all of them twice, and prints the second round.

/**
 * 64 bytes there and back: over a pipe, over bare Netty, over a blocking socket.
 */
@Command(name = "links", description = "64 bytes there and back over a pipe, bare Netty and a blocking socket.")
final class LinksBench extends Bench {
    private static final int WINDOW = 256;

    @Parameters(description = "Only these, such as pipe1 netty256; all of them otherwise.")
    private List<String> only = List.of();

    @Override
    Map<String, @Nullable Object> measure() throws Exception {
        try (OtherProcess other = OtherProcess.ofClass(LinksAnswer.class);
                Echo raw = new RawEcho();
                Echo netty = new NettyEcho(false);
                Echo link = new LinkEcho()) {
            List<String> ports = other.words();
            int nettyPort = Integer.parseInt(ports.get(2));
            int linkPort = Integer.parseInt(ports.get(3));
            Map<String, @Nullable Object> figures = new LinkedHashMap<>();
            for (int round = 0; round < 2; round++) {
                say("round " + (round + 1) + " of 2");
                measure(figures, "raw", raw, Integer.parseInt(ports.get(round)), 1);
                measure(figures, "netty", netty, nettyPort, 1);
                measure(figures, "pipe", link, linkPort, 1);
                measure(figures, "netty", netty, nettyPort, WINDOW);
                measure(figures, "pipe", link, linkPort, WINDOW);
            }
            figures.put("pids", List.of(ProcessHandle.current().pid(), other.pid()));
            return figures;
        }
    }

    private void measure(Map<String, @Nullable Object> figures, String name, Echo echo, int port, int window)
            throws IOException {
        if (!only.isEmpty() && !only.contains(name + window)) {
            return;
        }
        Figures measured = echo.measure(port, window);
        figures.put(name + "_rate_" + window, Math.round(measured.perSecond()));
        figures.put(name + "_p50_us_" + window, rounded(measured.p50Micros(), 1));
        figures.put(name + "_p99_us_" + window, rounded(measured.p99Micros(), 1));
    }
}
