package dev.berth.poker.operate;

import dev.berth.node.demo.LaunchedCluster;
import dev.berth.node.launch.UpCommand;
import dev.berth.node.tool.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./berth poker}: OpenPoker on this machine, as processes, until Ctrl-C. */
@Command(
        name = "poker",
        description =
                "Runs OpenPoker on this machine: a gateway, game servers, gates with a page for browsers, and what"
                        + " they stand on, until Ctrl-C.",
        subcommands = AccountsCommand.class)
public final class PokerCommand implements Tool {
    private static final List<String> SMALL = List.of("-Xmx128m");
    /** What sends a client on runs once for each: the compiler that optimizes costs more there than it brings. */
    private static final List<String> BRIEF = List.of("-Xmx128m", "-XX:TieredStopAtLevel=1");

    private static final int SERVERS_MAX = 64;
    private static final int GATES_MAX = 16;
    private static final int PAGE_PORT = 8_080;
    private static final int PORT_MAX = 65_535;

    @Spec
    private CommandSpec spec;

    @Option(names = "--servers", description = "Game servers (default ${DEFAULT-VALUE}).", defaultValue = "2")
    private int servers;

    @Option(
            names = "--port",
            description = "Of the gateway; game servers have those behind it (default ${DEFAULT-VALUE}).",
            defaultValue = "3000")
    private int port;

    @Option(
            names = "--gates",
            paramLabel = "N",
            description = "Where browsers get the page and play (default ${DEFAULT-VALUE}).",
            defaultValue = "2")
    private int gates;

    @Option(
            names = "--page-port",
            paramLabel = "P",
            description =
                    "Of the first gate; the others have those behind it (default 8080, or free ones if that is taken).",
            defaultValue = "0")
    private int pagePort;

    @Option(
            names = "--tables",
            paramLabel = "N",
            description = "So many tables are open at the start, and guest1 to guest9 may log in with password guest.",
            defaultValue = "0")
    private int tables;

    @Option(
            names = "--draws",
            paramLabel = "N",
            description = "So many more tables, of five-card draw, to be played in browsers.",
            defaultValue = "0")
    private int draws;

    @Option(
            names = "--bots",
            paramLabel = "N",
            description = "So many bots sit at these tables, two seats of each stay free.",
            defaultValue = "0")
    private int bots;

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
        if (servers < 1 || servers > SERVERS_MAX || port < 1 || port + servers > PORT_MAX) {
            throw new ParameterException(
                    spec.commandLine(),
                    "there are 1 to " + SERVERS_MAX + " game servers, and a port for each behind the gateway's");
        }
        if (gates < 0 || gates > GATES_MAX || pagePort < 0 || pagePort + gates > PORT_MAX) {
            throw new ParameterException(
                    spec.commandLine(),
                    "there are 0 to " + GATES_MAX + " gates, and a port for each from --page-port on");
        }
        if (draws < 0 || draws > House.TABLES_MAX) {
            throw new ParameterException(
                    spec.commandLine(), "there are 0 to " + House.TABLES_MAX + " tables of five-card draw");
        }
        if (tables < 0 || tables > House.TABLES_MAX || bots < 0 || bots > tables * House.BOTS_MAX) {
            throw new ParameterException(
                    spec.commandLine(),
                    "there are 0 to " + House.TABLES_MAX + " tables, and up to " + House.BOTS_MAX + " bots at each");
        }
        List<Integer> pages = pagePorts();
        Files.createDirectories(dir);
        Page.copyTo(dir.resolve("page"), pages);
        Path file = Files.writeString(dir.resolve("poker.conf"), file(pages));
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        out.println("clients of OpenPoker: 127.0.0.1:" + port + " (" + servers + " game servers behind it"
                + (test ? ", test mode" : "") + ")");
        if (gates > 0) {
            out.println("in a browser: http://127.0.0.1:" + pages.getFirst() + "/");
        }
        out.println("the cluster is described in " + file + "; accounts: ./berth poker accounts --help");
        out.flush();
        if (tables + draws > 0) {
            Thread.ofVirtual()
                    .name("house")
                    .start(new House(
                            file,
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                            tables,
                            draws,
                            bots,
                            out,
                            err));
        }
        return new UpCommand().run(out, err, file.toString());
    }

    /** In a row. */
    private List<Integer> pagePorts() throws IOException {
        int first = pagePort == 0 ? PAGE_PORT : pagePort;
        List<Integer> ports = IntStream.range(first, first + gates).boxed().toList();
        try {
            for (int each : ports) {
                new ServerSocket(each, 1, InetAddress.getLoopbackAddress()).close();
            }
            return ports;
        } catch (BindException taken) {
            if (pagePort != 0) {
                throw new ParameterException(
                        spec.commandLine(),
                        "one of the ports " + ports + " is taken: choose another --page-port, or --gates 0",
                        taken);
            }
            return LaunchedCluster.freePorts(gates);
        }
    }

    private String file(List<Integer> pages) throws IOException {
        PokerFile file = new PokerFile("poker", servers, LaunchedCluster.freePorts(PokerFile.PORTS))
                .line("# Written by ./berth poker, which writes it anew each time.");
        List<String> words = new ArrayList<>();
        if (test) {
            words.add("--test-mode");
        }
        if (newGames) {
            words.add("--new-games");
        }
        for (int i = 1; i <= servers; i++) {
            file.server("game-" + i, port + i, words.toArray(String[]::new));
        }
        for (int i = 1; i <= gates; i++) {
            file.door("gate-" + i, SMALL, "--web", "127.0.0.1:" + pages.get(i - 1), "--pages", "{here}/page");
        }
        return file.door("gateway", BRIEF, "--handoff", "127.0.0.1:" + port).text();
    }
}
