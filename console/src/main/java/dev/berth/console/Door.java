package dev.berth.console;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.spi.ToolProvider;

// The JDK offers javac, jar and others under the same service, so a tool is taken only when its class is ours.

/** Picks the tool that the first argument names and runs it. One thread calls it. */
record Door(SortedMap<String, ToolProvider> tools) {
    static final int USAGE_ERROR = 2;

    static Door found() {
        return of(ServiceLoader.load(ToolProvider.class).stream()
                .filter(provider -> provider.type().getName().startsWith("dev.berth."))
                .map(ServiceLoader.Provider::get)
                .toList());
    }

    static Door of(List<ToolProvider> tools) {
        var byName = new TreeMap<String, ToolProvider>();
        for (var tool : tools) {
            var other = byName.put(tool.name(), tool);
            if (other != null) {
                throw new IllegalStateException("two commands are named %s: %s and %s"
                        .formatted(
                                tool.name(),
                                other.getClass().getName(),
                                tool.getClass().getName()));
            }
        }
        return new Door(byName);
    }

    /** Returns the exit code of the process. */
    int enter(PrintWriter out, PrintWriter err, String... args) {
        var name = args.length == 0 ? "help" : args[0];
        var rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
        return switch (name) {
            case "help", "--help", "-h" -> rest.length == 0 ? list(out) : run(out, err, rest[0], "--help");
            case "--version", "-V" -> version(out);
            default -> run(out, err, name, rest);
        };
    }

    private int run(PrintWriter out, PrintWriter err, String name, String... args) {
        var tool = tools.get(name);
        if (tool != null) {
            return tool.run(out, err, args);
        }
        err.println("berth: there is no command '%s'%s; 'berth help' lists all"
                .formatted(
                        name,
                        nearest(name).map(known -> ", perhaps '" + known + "'").orElse("")));
        return USAGE_ERROR;
    }

    private int list(PrintWriter out) {
        out.println("Berth, a cluster runtime for stateful game servers.");
        out.println();
        out.println("Usage: berth COMMAND [OPTIONS]");
        out.println("       berth COMMAND --help");
        out.println("       berth --version");
        out.println();
        int width = tools.keySet().stream().mapToInt(String::length).max().orElse(0);
        tools.forEach((name, tool) -> out.println("  " + name + " ".repeat(width - name.length() + 3)
                + tool.description().orElse("")));
        return 0;
    }

    private static int version(PrintWriter out) {
        var version = Objects.requireNonNullElse(Door.class.getPackage().getImplementationVersion(), "(unpackaged)");
        out.println("berth " + version + ", Java " + Runtime.version());
        return 0;
    }

    private Optional<String> nearest(String name) {
        return tools.keySet().stream().min(Comparator.comparingInt(known -> distance(name, known)));
    }

    /** How many characters must be inserted, deleted or replaced to turn one word into the other. */
    static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
