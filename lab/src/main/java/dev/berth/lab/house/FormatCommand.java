package dev.berth.lab.house;

import com.palantir.javaformat.java.FormatterException;
import dev.berth.node.tool.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code berth format}. */
@Command(name = "format", description = "Lays out Java source files in place, as the build checks them.")
public final class FormatCommand implements Tool {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "Files to lay out; none means every source file of the checkout.")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws IOException {
        var format = new SourceFormat();
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        var chosen = files.isEmpty() ? Checkout.ofThisBuild().javaFiles() : files;
        int changed = 0;
        int broken = 0;
        for (var file : chosen) {
            try {
                if (format.rewrite(file)) {
                    changed++;
                    out.println(file);
                }
            } catch (FormatterException e) {
                broken++;
                err.println(file + ": " + e.getMessage());
            }
        }
        out.println("%d of %d files changed".formatted(changed, chosen.size()));
        return broken == 0 ? 0 : 1;
    }
}
