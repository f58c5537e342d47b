package dev.berth.poker.demo;

import dev.berth.node.demo.AtSignal;
import dev.berth.node.demo.LaunchedCluster;
import dev.berth.node.demo.OwnLog;
import dev.berth.node.tool.Json;
import dev.berth.node.tool.Tool;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./berth demo}: poker by a few hundred, and everything that can happen to what they play on. */
@Command(
        name = "demo",
        description = "A few hundred bots play poker on this machine, at processes that are killed, paused and replaced"
                + " meanwhile; then what they were told is compared with what is there. A minute or two.",
        subcommands = dev.berth.node.demo.DemoCommand.class)
public final class DemoCommand implements Tool {
    private static final int SERVERS_MIN = 2;
    private static final int SERVERS_MAX = 16;
    private static final int BOTS_MIN = 12;
    private static final int BOTS_MAX = 3_000;
    private static final int SECONDS_MAX = 3_600;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--bots",
            paramLabel = "N",
            description = "Players, six at a table (default ${DEFAULT-VALUE}).",
            defaultValue = "240")
    private int bots;

    @Option(
            names = "--servers",
            paramLabel = "N",
            description = "Game servers, 2 to 16 (default ${DEFAULT-VALUE}).",
            defaultValue = "4")
    private int servers;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description =
                    "How long they play before, between and after what is done, in all (default ${DEFAULT-VALUE}).",
            defaultValue = "30")
    private int seconds;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Where logs and data are, and are kept; otherwise in a directory that is removed if all went well.",
            defaultValue = Option.NULL_VALUE)
    private @Nullable Path dir;

    @Option(names = "--json", description = "Print one object with the figures as the last line.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (servers < SERVERS_MIN
                || servers > SERVERS_MAX
                || bots < BOTS_MIN
                || bots > BOTS_MAX
                || seconds < 0
                || seconds > SECONDS_MAX) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--servers is " + SERVERS_MIN + " to " + SERVERS_MAX + ", --bots " + BOTS_MIN + " to " + BOTS_MAX
                            + ", --seconds 0 to " + SECONDS_MAX);
        }
        Path given = dir;
        if (given != null && Files.exists(given.resolve("demo.conf"))) {
            throw new ParameterException(
                    spec.commandLine(), "--dir: " + given + " has another demonstration's data; say a new one");
        }
        try (AtSignal signal = new AtSignal()) {
            Path its = given == null
                    ? Files.createTempDirectory("berth-demo")
                    : Files.createDirectories(given).toAbsolutePath();
            OwnLog.into(its);
            PrintWriter out = spec.commandLine().getOut();
            try {
                return run(its, given != null, signal, out);
            } catch (IOException | InterruptedException | RuntimeException failed) {
                if (!signal.came()) {
                    out.println("the demonstration could not go on; logs and data are in " + its);
                    out.flush();
                    throw failed;
                }
                if (given == null) {
                    LaunchedCluster.delete(its);
                }
                out.println(
                        "ended early; " + (given == null ? "nothing is left behind" : "logs and data are in " + its));
                out.flush();
                return 1;
            }
        }
    }

    private int run(Path its, boolean keep, AtSignal signal, PrintWriter out) throws IOException, InterruptedException {
        AtomicReference<@Nullable Screen> shown = new AtomicReference<>();
        Evening evening = new Evening(its, servers, bots, seconds, line -> {
            Screen there = shown.get();
            if (there != null) {
                there.say(line);
            }
        });
        Figures figures;
        try (evening;
                Screen screen = new Screen(out, isTerminal(), evening::now)) {
            shown.set(screen);
            figures = evening.run();
        } catch (IOException | RuntimeException failed) {
            if (!signal.came()) {
                out.println("what callers and nodes saw until then is in " + evening.history());
            }
            throw failed;
        }
        figures.table().forEach(out::println);
        if (!figures.held()) {
            out.println("what callers and nodes saw is in " + evening.history());
        }
        if (keep || !figures.held()) {
            out.println("logs and data are in " + its);
        } else {
            LaunchedCluster.delete(its);
        }
        if (json) {
            out.println(Json.line(figures.object()));
        }
        out.flush();
        return figures.held() ? 0 : 1;
    }

    /** Of both input and output: a pipe gets plain lines. */
    private static boolean isTerminal() {
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }
}
