package dev.berth.lab.sim.command;

import dev.berth.lab.sim.check.Violation;
import dev.berth.lab.sim.kernel.Digest;
import dev.berth.lab.sim.run.Result;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What happened in a failing run, for people. */
final class TraceFile {
    private TraceFile() {}

    static void write(Path file, Result result, String replay) throws IOException {
        Violation violation = result.violation();
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
            out.println("# " + replay);
            out.println("# "
                    + (violation == null ? "no violation" : violation.invariant() + ": " + violation.getMessage()));
            out.println("# digest " + Digest.text(result.digest()) + ", " + result.events() + " events");
            out.println("# virtual seconds, who, what");
            if (result.traceDropped() > 0) {
                out.println("# " + result.traceDropped() + " earlier lines are left out");
            }
            result.trace().forEach(out::println);
            cause(out, violation == null ? null : violation.getCause());
        }
    }

    private static void cause(PrintWriter out, @Nullable Throwable cause) {
        if (cause != null) {
            out.println("# thrown by:");
            cause.printStackTrace(out);
        }
    }
}
