package dev.berth.lab.sim.command;

import dev.berth.core.audit.Invariant;
import dev.berth.lab.mutant.Measure;
import dev.berth.lab.sim.Machines;
import dev.berth.lab.sim.check.Violation;
import dev.berth.lab.sim.fault.FaultKind;
import dev.berth.lab.sim.run.Order;
import dev.berth.lab.sim.run.Result;
import dev.berth.lab.sim.run.SeedRun;
import dev.berth.lab.sim.run.Shrinker;
import dev.berth.node.tool.Tool;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code berth sim}. */
@Command(
        name = "sim",
        description =
                "Runs whole clusters under virtual time with faults, and checks the invariants after every event.")
public final class SimCommand implements Tool {
    private static final int TRACE_LINES = 20_000;
    private static final int REPORTS_MAX = 3;

    @Spec
    private CommandSpec spec;

    @Option(names = "--seeds", description = "How many seeds to run (default ${DEFAULT-VALUE}).", defaultValue = "20")
    private int seeds;

    @Option(names = "--from", description = "The first seed (default ${DEFAULT-VALUE}).", defaultValue = "1")
    private long from;

    @Option(names = "--seed", description = "Run this one seed only.")
    private @Nullable Long seed;

    @Option(names = "--nodes", description = "Members, gates included (default ${DEFAULT-VALUE}).", defaultValue = "20")
    private int nodes;

    @Option(
            names = "--minutes",
            description = "Virtual minutes with faults (default ${DEFAULT-VALUE}).",
            defaultValue = "10")
    private int minutes;

    @Option(names = "--masters", description = "How many masters (default ${DEFAULT-VALUE}).", defaultValue = "3")
    private int masters;

    @Option(names = "--threads", description = "Seeds at a time (default ${DEFAULT-VALUE}).", defaultValue = "2")
    private int threads;

    @Option(
            names = "--without",
            paramLabel = "MEASURE",
            description = "Take one measure of the protocol away, to see what then breaks; 'list' names them.")
    private @Nullable String without;

    @Option(
            names = "--skip",
            paramLabel = "KIND|NUMBER",
            split = ",",
            description = "Leave out faults of this kind, or the fault of this number.")
    private List<String> skip = List.of();

    @Option(names = "--shrink", description = "Look for a shorter run that fails in the same way.")
    private boolean shrink;

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description = "Where the trace of the first failing seed goes; those of the next two get numbers.")
    private Path trace = Path.of("sim-trace.txt");

    @Option(names = "--json", description = "Print one object with the figures as the last line.")
    private boolean json;

    @Option(names = "--quiet", description = "No progress, no table.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if ("list".equals(without)) {
            for (Measure each : Measure.values()) {
                Invariant breaks = each.protects();
                out.println("%-26s without it breaks %s: %s".formatted(each.word(), breaks, breaks.sentence()));
            }
            return 0;
        }
        // Wrong options are found here, not in a thread.
        atLeast("--seeds", seeds, 1);
        atLeast("--nodes", nodes, 2);
        atLeast("--minutes", minutes, 1);
        atLeast("--masters", masters, 1);
        atLeast("--threads", threads, 1);
        checkTrace();
        long first = seed == null ? from : seed;
        Order example = order(first);
        Figures figures = new Figures(example.nodes(), example.masters(), example.minutes());
        Progress progress = new Progress(spec.commandLine().getErr(), !quiet && isTerminal());
        Seeds runs = new Seeds(this::order, threads, figures, progress);
        runs.run(first, first + (seed == null ? seeds : 1));
        if (!quiet) {
            figures.table().forEach(out::println);
        }
        List<Result> failures = figures.failures();
        for (int i = 0; i < failures.size(); i++) {
            report(out, failures.get(i), i);
        }
        if (json) {
            out.println(figures.json());
        }
        return figures.failures().isEmpty() ? 0 : 1;
    }

    private void atLeast(String option, int value, int least) {
        if (value < least) {
            throw new ParameterException(spec.commandLine(), option + " must be at least " + least + ", got " + value);
        }
    }

    private void checkTrace() {
        Path folder = trace.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(trace)) {
            throw new ParameterException(
                    spec.commandLine(), "--trace needs a file in a folder that exists, got " + trace);
        }
    }

    private static boolean isTerminal() {
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    private Order order(long number) {
        Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        Set<Integer> numbers = new TreeSet<>();
        for (String word : skip) {
            if (word.matches("[0-9]{1,6}")) {
                numbers.add(Integer.parseInt(word));
            } else {
                kinds.add(kind(word));
            }
        }
        Order order = Order.of(number, nodes, masters, minutes).without(kinds, numbers);
        String name = without;
        if (name == null) {
            return order;
        }
        Measure measure = Measure.named(name)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "no measure is named '" + name + "'; --without list names them"));
        return order.with(measure.takenFrom(Machines.REAL), measure.mutes());
    }

    private FaultKind kind(String word) {
        for (FaultKind kind : FaultKind.values()) {
            if (kind.name().equalsIgnoreCase(word)) {
                return kind;
            }
        }
        throw new ParameterException(
                spec.commandLine(), "--skip takes numbers and " + EnumSet.allOf(FaultKind.class) + ", got " + word);
    }

    private void report(PrintWriter out, Result failed, int number) throws IOException {
        Violation violation = failed.violation();
        if (violation == null) {
            return;
        }
        if (number >= REPORTS_MAX) {
            out.println("seed " + failed.order().seed() + " broke " + violation.invariant() + ": "
                    + violation.getMessage());
            return;
        }
        Path file = number == 0 ? trace : trace.resolveSibling(number + "-" + trace.getFileName());
        Order order = failed.order();
        if (shrink) {
            order = new Shrinker(quiet ? _ -> {} : out::println).shrink(order, violation.invariant());
        }
        // The first run had no trace, to be fast: the same seed again says what happened.
        Result again = new SeedRun(order.traced(TRACE_LINES)).run();
        TraceFile.write(file, again, replay(order));
        out.println();
        out.println("seed " + order.seed() + " broke " + violation.invariant() + " ("
                + violation.invariant().sentence() + "):");
        // A shorter run breaks the same invariant, but by other nodes or slots.
        Violation shown = again.violation();
        out.println("  " + (shown == null ? violation : shown).getMessage());
        out.println("  replay: " + replay(order));
        out.println("  trace:  " + file);
    }

    /** The one command that runs the same again. */
    private String replay(Order order) {
        StringBuilder command = new StringBuilder("./berth sim --seed " + order.seed() + " --nodes " + order.nodes()
                + " --masters " + order.masters() + " --minutes " + order.minutes());
        if (without != null) {
            command.append(" --without ").append(without);
        }
        List<String> left = new ArrayList<>();
        order.withoutKinds().forEach(kind -> left.add(kind.name()));
        order.withoutFaults().forEach(number -> left.add(Integer.toString(number)));
        if (!left.isEmpty()) {
            command.append(" --skip ").append(String.join(",", left));
        }
        return command.toString();
    }
}
