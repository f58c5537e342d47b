package dev.berth.node.coordinator;

import dev.berth.node.link.Loops;
import dev.berth.node.lookout.HttpOption;
import dev.berth.node.lookout.Lookout;
import dev.berth.node.tool.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code berth coordinator}: an embedded ZooKeeper server as a process. */
@Command(
        name = "coordinator",
        description = "Run a coordinator: ZooKeeper's embedded server, alone or as one of an ensemble.")
public final class CoordinatorCommand implements Tool {
    private static final long FIRST_WAIT_MILLIS = 5_000;
    private static final long WAIT_MILLIS = 30_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "berth-coordinator",
            description = "Where it keeps its data (default: ${DEFAULT-VALUE}).")
    private Path dir = Path.of("berth-coordinator");

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = ServerConfig.LOOPBACK,
            description = "Listens here for clients (default: ${DEFAULT-VALUE}). Whoever reaches it may write: keep it"
                    + " on the loopback or in a network of its own.")
    private String host = ServerConfig.LOOPBACK;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "" + ServerConfig.PORT,
            description = "Port for clients (default: ${DEFAULT-VALUE}); 0 = any.")
    private int port = ServerConfig.PORT;

    @Option(
            names = "--servers",
            paramLabel = "LIST",
            defaultValue = "",
            description =
                    "All servers of the ensemble as HOST:PEER-PORT:ELECTION-PORT, divided by commas, the same list on"
                            + " each: a:2888:3888,b:2888:3888,c:2888:3888. Without it the server is alone.")
    private String servers = "";

    @Option(names = "--id", paramLabel = "N", description = "Which of --servers this one is, counted from 1.")
    private int id;

    @Option(
            names = "--new",
            description =
                    "The first start of a new ensemble: may begin without data. Without it an empty server waits for"
                            + " the others and takes theirs.")
    private boolean founds;

    @Mixin
    private HttpOption http = new HttpOption();

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (spec == null) {
            throw new IllegalStateException("not started by the command line");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        ServerConfig config;
        try {
            config = new ServerConfig(dir, host, port, ServerConfig.peers(servers), id, founds);
        } catch (IllegalArgumentException wrong) {
            complain(err, wrong.getMessage());
            return 2;
        }
        try (Loops loops = Loops.start(1);
                Lookout lookout = Lookout.open(loops, http.address())) {
            serve(CoordinatorServer.start(config), lookout, out, err);
            return 0;
        } catch (ServerRefusedException refused) {
            complain(err, refused.getMessage());
            return 1;
        }
    }

    private static void serve(CoordinatorServer server, Lookout lookout, PrintWriter out, PrintWriter err)
            throws InterruptedException, IOException {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            // The server ends the process by itself when it cannot write, and calls that a success.
            String complaint = server.diskComplaint();
            if (!complaint.isEmpty()) {
                complain(err, complaint);
                Runtime.getRuntime().halt(1);
            }
            stopped.countDown();
        }));
        lookout.show(new CoordinatorWatch(server));
        long patience = FIRST_WAIT_MILLIS;
        while (!server.awaitServing(patience)) {
            complain(
                    err,
                    "waits for a majority of the servers. An empty one neither votes nor founds unless it is started"
                            + " with --new");
            patience = WAIT_MILLIS;
        }
        out.println("coordinator serves on " + server.address() + ", data in " + server.dir() + ", " + lookout.url());
        out.flush();
        stopped.await();
    }

    private static void complain(PrintWriter err, @Nullable String what) {
        err.println("berth coordinator: " + what);
        err.flush();
    }
}
