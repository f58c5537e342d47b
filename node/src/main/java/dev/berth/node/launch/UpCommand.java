package dev.berth.node.launch;

import dev.berth.core.protocol.Protocol;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.tool.Tool;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code berth up FILE}: a cluster, or one machine's part of it. */
@Command(name = "up", description = "Start and supervise the nodes of a cluster file that belong to this machine.")
public final class UpCommand implements Tool {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final int HOST_MAX = 32;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The cluster file; docs/operations.md lists its keys.")
    private Path file = Path.of("cluster.conf");

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "NODE",
            description = "Start only these of the nodes, e.g. new ones beside a launcher that runs the others.")
    private List<String> only = List.of();

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where logs and records are kept instead; data stay where the file puts them.")
    private @Nullable Path state;

    @Option(names = "--check", description = "Show what would be started, and start nothing.")
    private boolean check;

    @Option(names = "--json", description = "With --check: as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (spec == null) {
            throw new IllegalStateException("not started by the command line");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        var launcher = launcherId();
        try {
            var read = ClusterFile.read(file);
            AddressCheck.check(read);
            var cluster = state == null ? read : read.withState(state.toAbsolutePath());
            Consumer<String> say = line -> {
                out.println(CLOCK.format(LocalTime.now(ZoneId.systemDefault())) + " " + line);
                out.flush();
            };
            var java = JavaCommand.likeThisProcess();
            RollDesk.Drawing drawing =
                    jars -> LaunchPlan.of(cluster, java, launcher, jars).only(only);
            var book = new JarBook(cluster);
            if (check) {
                var plan = drawing.plan(book.read(_ -> {}));
                checkCoordinators(cluster, plan);
                out.println(json ? PlanText.json(cluster, plan) : PlanText.table(cluster, plan));
                out.flush();
                return 0;
            }
            return run(cluster, drawing, book, launcher, say);
        } catch (ClusterFileException | IllegalArgumentException wrong) {
            err.println("berth up: " + wrong.getMessage());
            return 2;
        } catch (LaunchRefusedException refused) {
            err.println("berth up: " + refused.getMessage());
            return 1;
        }
    }

    private static int run(
            ClusterFile cluster, RollDesk.Drawing drawing, JarBook book, String launcher, Consumer<String> say)
            throws IOException, InterruptedException, LaunchRefusedException {
        checkMachine(drawing.plan(Map.of()));
        try (var directory = LaunchDirectory.open(cluster.state())) {
            var secret = SecretFile.open(cluster.secretFile(), say);
            new Leftovers(directory, say).end(cluster.grace().toNanos());
            var jars = book.read(say);
            book.sweep(jars);
            var plan = drawing.plan(jars);
            checkCoordinators(cluster, plan);
            var transport = TransportConfig.of(cluster.cluster(), secret, Protocol.VERSIONS);
            try (var masters = new MasterLines(transport, cluster.masters(), launcher, say)) {
                say.accept("launcher " + launcher + " starts " + plan.items().size() + " nodes of cluster "
                        + cluster.cluster() + "; logs in " + cluster.state().resolve("logs"));
                var supervisor = new Supervisor(cluster, plan, directory, launcher, masters, say);
                var desk = new RollDesk(cluster, drawing, supervisor, masters, book, jars);
                try (var door = ControlDoor.open(cluster.state(), desk, say)) {
                    return supervise(supervisor, door, say);
                }
            }
        }
    }

    private static int supervise(Supervisor supervisor, ControlDoor door, Consumer<String> say) {
        var ended = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            if (!ended.get()) {
                supervisor.stop("asked to by SIGINT or SIGTERM");
                supervisor.await();
                try {
                    door.close();
                } catch (IOException left) {
                    say.accept("the launcher's socket is left behind: " + left.getMessage());
                }
            }
        }));
        supervisor.start();
        int code = supervisor.await();
        ended.set(true);
        return code;
    }

    private static void checkCoordinators(ClusterFile cluster, LaunchPlan plan)
            throws IOException, LaunchRefusedException {
        if (cluster.coordinator() instanceof CoordinatorSpec.Embedded embedded && plan.has(NodeKind.COORDINATOR)) {
            CoordinatorData.check(embedded);
        }
    }

    private static void checkMachine(LaunchPlan plan) throws LaunchRefusedException {
        if (plan.items().isEmpty()) {
            throw new LaunchRefusedException(
                    "the file has nothing to start on this machine: its coordinator and masters"
                            + " are elsewhere, and it has no nodes");
        }
        if (!ProcessStamp.isSupported()) {
            throw new LaunchRefusedException("needs Linux: it looks into /proc to tell its own processes from others");
        }
        var path = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1);
        if (List.of(path).stream().noneMatch(each -> Files.isExecutable(Path.of(each, "setsid")))) {
            throw new LaunchRefusedException("needs the program setsid, of the package util-linux, to give each node a"
                    + " process group of its own; there is none in PATH");
        }
    }

    /** Never used twice: a certificate is accepted only from the launcher that the node has named. */
    private static String launcherId() {
        var random = new byte[6];
        new SecureRandom().nextBytes(random);
        var host = hostName().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
        return "up-" + host.substring(0, Math.min(HOST_MAX, host.length())) + "-"
                + HexFormat.of().formatHex(random);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "host";
        }
    }
}
