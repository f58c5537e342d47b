package dev.berth.lab.bench;

import dev.berth.node.tool.Json;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * One of {@code berth bench}'s measurements: a picocli command that {@link BenchCommand} lists. What it measures and what it
 * measures beside it run in processes of their own ({@link OtherProcess}); the figures name their ids. One thread calls it.
 */
abstract class Bench implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print the figures as one object on the last line.")
    private boolean json;

    /** Measures; the figures in the order in which they are to be read, numbers, texts, lists and maps. */
    abstract Map<String, @Nullable Object> measure() throws Exception;

    @Override
    public final Integer call() throws Exception {
        Map<String, @Nullable Object> figures = measure();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.line(figures));
        } else {
            figures.forEach((name, figure) -> out.println("%-28s %16s".formatted(name, figure)));
        }
        out.flush();
        return 0;
    }

    /** Tells a person what is being measured now. */
    final void say(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    /** With so many digits behind the point. */
    static double rounded(double figure, int digits) {
        double scale = Math.pow(10, digits);
        return Math.rint(figure * scale) / scale;
    }
}
