package dev.berth.node.lookout;

import dev.berth.node.launch.HostPort;
import dev.berth.node.launch.NodeEnvironment;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --http}, for commands that run a node. */
public final class HttpOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:0",
            description = "Shows /metrics, /live and /ready there, to whoever can reach it; port 0 is any that is free"
                    + " (default ${DEFAULT-VALUE}).")
    private String text = "127.0.0.1:0";

    /** By its launcher, or by the option. */
    public HostPort address() {
        return NodeEnvironment.ofThisProcess()
                .map(NodeEnvironment::http)
                .or(() -> HostPort.parse(text, 0))
                .orElseThrow(() -> new ParameterException(spec.commandLine(), HostPort.wanted("--http", text)));
    }
}
