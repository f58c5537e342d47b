package dev.berth.lab.house;

import dev.berth.node.tool.Tool;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code berth api}. */
@Command(name = "api", description = "Compares the public API with docs/api; --accept writes it there.")
public final class ApiCommand implements Tool {
    @Spec
    private CommandSpec spec;

    @Option(names = "--accept", description = "Take today's signatures as the new public API.")
    private boolean accept;

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        int differing = 0;
        int accepted = 0;
        for (var api : ApiFile.all(Checkout.ofThisBuild())) {
            if (api.isAccepted()) {
                continue;
            }
            out.println(api.file());
            out.print(api.difference());
            if (accept) {
                api.accept();
                accepted++;
            } else {
                differing++;
            }
        }
        out.println(
                accepted > 0
                        ? "accepted; announce it in CHANGELOG.md"
                        : "modules that differ from docs/api: " + differing);
        return differing == 0 ? 0 : 1;
    }
}
