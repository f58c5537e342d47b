package dev.berth.node.store;

import dev.berth.core.protocol.Protocol;
import dev.berth.node.launch.HostPort;
import dev.berth.node.launch.SecretFile;
import dev.berth.node.link.Loops;
import dev.berth.node.link.Secret;
import dev.berth.node.link.Transport;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.lookout.HttpOption;
import dev.berth.node.lookout.Lookout;
import dev.berth.node.tool.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code berth store}. */
@Command(
        name = "store",
        description = "Keeps the state of slots in a directory, behind fences. Runs until it is ended.")
public final class StoreCommand implements Tool {
    /** What fails after the store has begun to serve. */
    private static final int HALTED = 3;

    private static final int CLOSE_SECONDS = 5;
    private static final int LOOPS = 2;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Where it keeps its files; made if it does not exist.")
    private Path directory = Path.of("");

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:7300",
            description = "Where owners reach it; port 0 is any that is free (default ${DEFAULT-VALUE}).")
    private String listen = "";

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            defaultValue = "dev",
            description = "The cluster that it belongs to (default ${DEFAULT-VALUE}).")
    private String cluster = "";

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = "The cluster's secret. Without it DIR/secret is used, and made if it does not exist; that is "
                    + "enough on one machine.")
    private @Nullable Path secretFile;

    @Option(
            names = "--pace",
            paramLabel = "MICROS",
            defaultValue = "0",
            description =
                    "While few writes wait, fsyncs begin so far apart at least: it saves processor time, and costs"
                            + " a write up to so long (default ${DEFAULT-VALUE}).")
    private int paceMicros;

    @Mixin
    private HttpOption http = new HttpOption();

    @Override
    public Integer call() throws InterruptedException {
        var ending = new CompletableFuture<Void>();
        var ended = new CountDownLatch(1);
        PrintWriter err = spec.commandLine().getErr();
        try {
            return serve(ending, ended);
        } catch (ExecutionException e) {
            err.println("berth store: stopped by a bug: " + e.getCause());
            return HALTED;
        } catch (IOException e) {
            err.println("berth store: " + e.getMessage());
        } finally {
            ended.countDown();
            err.flush();
        }
        return 1;
    }

    /** Returns when the process is asked to end; an ExecutionException is a bug. */
    private int serve(CompletableFuture<Void> ending, CountDownLatch ended)
            throws IOException, InterruptedException, ExecutionException {
        InetSocketAddress address = address();
        try (StoreEngine engine = StoreEngine.open(config(), ending::completeExceptionally);
                Loops loops = Loops.start(LOOPS);
                Transport transport = new Transport(transportConfig(), loops, ending::completeExceptionally);
                Lookout lookout = Lookout.open(loops, http.address())) {
            lookout.show(new StoreWatch(directory, engine, ending));
            InetSocketAddress bound = listening(transport, address, engine);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                ending.complete(null);
                awaitEnd(ended);
            }));
            say(engine, bound, lookout.url());
            ending.get();
            return 0;
        }
    }

    private static InetSocketAddress listening(Transport transport, InetSocketAddress address, StoreEngine engine)
            throws StoreException {
        try {
            return transport.listen(address, List.of(StoreServer.door(engine)));
        } catch (IOException e) {
            throw new StoreException(e.getMessage() + " End what uses it, or choose another with --listen.", e);
        }
    }

    /** The process lives until its hooks have returned; this one gives the store the time to close. */
    private static void awaitEnd(CountDownLatch ended) {
        try {
            if (!ended.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                // Not by a static logger: all commands are made before one of them runs, and it may say where to log.
                LoggerFactory.getLogger(StoreCommand.class)
                        .warn(
                                "the store does not close within {} s; what it has acknowledged is on disk",
                                CLOSE_SECONDS);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(StoreEngine engine, InetSocketAddress bound, String shown) {
        var status = engine.status(0);
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "store %s SERVING cluster=%s listen=%s:%d fences=%d disk=%d%% http=%s%n",
                directory,
                cluster,
                bound.getAddress().getHostAddress(),
                bound.getPort(),
                status.fences(),
                status.diskPercent(),
                shown);
        out.flush();
    }

    private StoreConfig config() {
        try {
            return StoreConfig.of(directory, cluster).withPaceMicros(paceMicros);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private TransportConfig transportConfig() throws IOException {
        try {
            return TransportConfig.of(cluster, secret(), Protocol.VERSIONS);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private InetSocketAddress address() {
        InetSocketAddress address = HostPort.parse(listen, 0)
                .orElseThrow(() -> wrong(HostPort.wanted("--listen", listen)))
                .address();
        if (address.isUnresolved()) {
            throw wrong("--listen: nobody knows the host '" + address.getHostString() + "'");
        }
        if (secretFile == null && !address.getAddress().isLoopbackAddress()) {
            throw wrong("a store that other machines can reach needs the cluster's secret: --secret-file FILE");
        }
        return address;
    }

    private ParameterException wrong(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    private Secret secret() throws IOException {
        Path file = secretFile == null ? directory.resolve("secret") : secretFile;
        try {
            if (secretFile == null) {
                SecretFile.make(file);
            }
            return Secret.ofFile(file);
        } catch (IOException e) {
            throw new StoreException("the secret " + file + " cannot be read or made: " + e, e);
        }
    }
}
