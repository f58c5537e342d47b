package dev.berth.node.demo;

import dev.berth.node.tool.Json;
import dev.berth.node.tool.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./berth demo cluster}: a cluster of processes, callers, and everything that can happen to them. */
@Command(
        name = "cluster",
        description =
                "Starts a cluster of workers with a key-value service on this machine, uses it, and does to it what"
                        + " happens at night.")
public final class DemoCommand implements Tool {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print one object with the figures as the last line.")
    private boolean json;

    @Option(names = "--keep", description = "Keep the directory with logs and data.")
    private boolean keep;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (AtSignal signal = new AtSignal()) {
            Path dir = Files.createTempDirectory("berth-demo");
            OwnLog.into(dir);
            try {
                return run(dir, signal, out);
            } catch (IOException | InterruptedException | RuntimeException failed) {
                if (!signal.came()) {
                    throw failed;
                }
                if (keep) {
                    out.println("ended early; logs and data are in " + dir);
                } else {
                    LaunchedCluster.delete(dir);
                    out.println("ended early; nothing is left behind");
                }
                out.flush();
                return 1;
            }
        }
    }

    private int run(Path dir, AtSignal signal, PrintWriter out) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Demo demo = new Demo(dir, line -> {
            out.println("%6.1f s  %s".formatted((System.nanoTime() - start) / 1e9, line));
            out.flush();
        });
        Figures figures;
        try (demo) {
            figures = demo.run();
        } catch (IOException | RuntimeException failed) {
            if (!signal.came()) {
                out.println("what callers and nodes saw until then is in " + demo.history());
            }
            throw failed;
        }
        figures.table().forEach(out::println);
        if (!figures.held()) {
            out.println("what callers and nodes saw is in " + demo.history());
        }
        if (keep || !figures.held()) {
            out.println("logs and data are in " + dir);
        } else {
            LaunchedCluster.delete(dir);
        }
        if (json) {
            out.println(Json.line(figures.object()));
        }
        return figures.held() ? 0 : 1;
    }
}
