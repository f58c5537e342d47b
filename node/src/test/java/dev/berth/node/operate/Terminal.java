package dev.berth.node.operate;

import dev.berth.node.dev.DevCluster;
import dev.berth.node.launch.HostPort;
import dev.berth.node.tool.Tool;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** Runs commands against a cluster as from a shell, and has what the last one has said. */
final class Terminal {
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    /** @return the command's exit code */
    int run(DevCluster cluster, Tool command, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--masters="
                + String.join(
                        ",",
                        cluster.masters().stream()
                                .map(master -> HostPort.of(master.address()).toString())
                                .toList()));
        all.add("--cluster=" + cluster.name());
        all.add("--secret-file=" + cluster.secretFile());
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return command.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    }
}
