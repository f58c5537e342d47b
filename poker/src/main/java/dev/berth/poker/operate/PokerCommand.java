package dev.berth.poker.operate;

import dev.berth.node.launch.UpCommand;
import dev.berth.node.tool.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./berth poker}: OpenPoker on this machine, as processes, until Ctrl-C. */
@Command(
        name = "poker",
        description = "Runs OpenPoker on this machine: a gateway, game servers, and what they stand on, until Ctrl-C.",
        subcommands = AccountsCommand.class)
public final class PokerCommand implements Tool {
    private static final int SERVERS_MAX = 64;

    @Spec
    private CommandSpec spec;

    @Option(names = "--servers", description = "Game servers (default ${DEFAULT-VALUE}).", defaultValue = "2")
    private int servers;

    @Option(
            names = "--port",
            description = "Of the gateway; game servers have those behind it (default ${DEFAULT-VALUE}).",
            defaultValue = "3000")
    private int port;

    @Option(names = "--test-mode", description = "Anybody may make games with known cards.")
    private boolean test;

    @Option(names = "--new-games", description = "Players may open games of their own, 4 each at a time.")
    private boolean newGames;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where accounts, tables and logs are kept (default ${DEFAULT-VALUE}).",
            defaultValue = "berth-poker")
    private Path dir = Path.of("");

    @Override
    public Integer call() throws IOException {
        if (servers < 1 || servers > SERVERS_MAX || port < 1 || port + servers > 65_535) {
            throw new ParameterException(
                    spec.commandLine(),
                    "there are 1 to " + SERVERS_MAX + " game servers, and a port for each behind the gateway's");
        }
        Files.createDirectories(dir);
        Path file = Files.writeString(dir.resolve("poker.conf"), file());
        PrintWriter out = spec.commandLine().getOut();
        out.println("clients of OpenPoker: 127.0.0.1:" + port + " (" + servers + " game servers behind it"
                + (test ? ", test mode" : "") + ")");
        out.println("the cluster is described in " + file + "; accounts: ./berth poker accounts --help");
        out.flush();
        return new UpCommand().run(out, spec.commandLine().getErr(), file.toString());
    }

    private String file() throws IOException {
        List<Integer> free = free(4 + servers);
        StringBuilder nodes = new StringBuilder();
        for (int i = 1; i <= servers; i++) {
            nodes.append("""
                  game-%d {
                    kind = worker
                    class = dev.berth.poker.server.PokerNode
                    args = [--openpoker, "127.0.0.1:%d"%s%s]
                    services { poker { slots = %d, standby = true } }
                    jvm = [-Xmx512m]
                  }
                """.formatted(i, port + i, test ? ", --test-mode" : "", newGames ? ", --new-games" : "", servers));
        }
        return """
            # Written by ./berth poker, which writes it anew each time.
            cluster = poker
            coordinator { port = %d }
            masters = ["127.0.0.1:%d", "127.0.0.1:%d"]
            services { poker { capacity = %d, buckets = 64 } }
            nodes {
              store { kind = store, listen = "127.0.0.1:%d" }
            %s  gateway {
                kind = worker
                class = dev.berth.poker.server.PokerNode
                args = [--handoff, "127.0.0.1:%d"]
                jvm = [-Xmx128m]
              }
            }
            """.formatted(free.get(0), free.get(1), free.get(2), servers, free.get(3), nodes, port);
    }

    /** All at once, or one would be given twice. */
    private static List<Integer> free(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket each : held) {
                each.close();
            }
        }
    }
}
