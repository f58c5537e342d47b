package dev.berth.node.launch;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigRenderOptions;
import dev.berth.node.tool.Tool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code berth roll}: the nodes of a running launcher are replaced one by one, and nobody's call fails. */
@Command(
        name = "roll",
        description = "Drains, stops and starts the nodes of a running launcher, one at a time, and waits until each"
                + " serves again; stops at the first that does not.")
public final class RollCommand implements Tool {
    private static final double NANOS_PER_SECOND = 1e9;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "NODE",
            arity = "0..*",
            description =
                    "Names of nodes; without any all but a coordinator that is the only one: workers, stores, then"
                            + " masters with the leading one last.")
    private List<String> nodes = List.of();

    @Option(
            names = "--jar",
            paramLabel = "FILE",
            description = "What they run from now on; it is copied. Without names: those that run a jar.")
    private @Nullable Path jar;

    @Option(
            names = "--no-jar",
            description = "They run again what the cluster file says. Without names: those that a roll gave a jar.")
    private boolean noJar;

    @Option(names = "--no-drain", description = "Stop without moving slots away: their callers wait meanwhile.")
    private boolean noDrain;

    @Option(
            names = "--within",
            paramLabel = "SECONDS",
            description = "How long one step of a node may take (default ${DEFAULT-VALUE}).",
            defaultValue = "120")
    private int within;

    @Option(names = "--file", paramLabel = "FILE", description = "The cluster file that the launcher was started with.")
    private @Nullable Path file;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Or its state directory (or BERTH_STATE).",
            defaultValue = "${env:BERTH_STATE}")
    private @Nullable Path state;

    @Option(names = "--json", description = "Print one object with what became of each node as the last line.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not started by the command line");
        }
        PrintWriter err = spec.commandLine().getErr();
        try {
            var order = new RollOrder(
                    nodes, jar == null ? null : existing(jar), noJar, !noDrain, Duration.ofSeconds(within));
            return ask(order, socket(), spec.commandLine().getOut(), err);
        } catch (IllegalArgumentException | ClusterFileException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()));
        } catch (LaunchRefusedException refused) {
            err.println("berth roll: " + refused.getMessage());
            return 1;
        }
    }

    private static Path existing(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw new IllegalArgumentException("--jar: there is no file " + jar.toAbsolutePath());
        }
        return jar.toAbsolutePath();
    }

    private Path socket() throws ClusterFileException, LaunchRefusedException, IOException {
        if (file == null && state == null) {
            throw new IllegalArgumentException(
                    "which launcher? Say --file with its cluster file, or --state with its state directory, or set"
                            + " BERTH_STATE");
        }
        var directory = file == null ? state : ClusterFile.read(file).state();
        if (directory == null) {
            throw new IllegalStateException("neither a file nor a state directory");
        }
        var socket = ControlDoor.socket(directory);
        if (!Files.exists(socket)) {
            throw new LaunchRefusedException(
                    "no launcher runs in " + directory + " that this user may ask: there is no " + socket
                            + "; start it with berth up, or say the right --file or --state");
        }
        return socket.toRealPath();
    }

    private int ask(RollOrder order, Path socket, PrintWriter out, PrintWriter err)
            throws IOException, LaunchRefusedException {
        long began = System.nanoTime();
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            connect(channel, socket);
            var request = ByteBuffer.wrap(ControlText.order(order));
            while (request.hasRemaining()) {
                channel.write(request);
            }
            var lines =
                    new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var answer = ControlText.parse(line);
                if (answer.hasPath("line")) {
                    say(out, began, answer.getString("line"));
                } else if (answer.hasPath("refused")) {
                    throw new LaunchRefusedException(answer.getString("refused"));
                } else {
                    var end = answer.getConfig("end");
                    boolean whole = end.getBoolean("whole");
                    say(whole ? out : err, began, answer.getString("summary"));
                    if (json) {
                        out.println(end.root().render(ConfigRenderOptions.concise()));
                        out.flush();
                    }
                    return whole ? 0 : 1;
                }
            }
        } catch (IOException broken) {
            throw new LaunchRefusedException("the launcher has hung up (" + broken.getMessage()
                    + "): it has ended, or too many ask it at once; look at what berth up says, then try again");
        } catch (ConfigException unclear) {
            throw new LaunchRefusedException("the launcher's answer is unclear: " + unclear.getMessage());
        }
        throw new LaunchRefusedException(
                "the launcher has ended in the middle of the roll; the next berth up starts every"
                        + " node with the jar that it had been given, then roll what is left");
    }

    private static void connect(SocketChannel channel, Path socket) throws LaunchRefusedException {
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException refused) {
            throw new LaunchRefusedException("no launcher answers at " + socket + " (" + refused.getMessage()
                    + "): it has ended, or this user may not ask it; start it with berth up");
        }
    }

    private static void say(PrintWriter out, long began, String line) {
        out.println(String.format(Locale.ROOT, "%6.1f s  %s", (System.nanoTime() - began) / NANOS_PER_SECOND, line));
        out.flush();
    }
}
