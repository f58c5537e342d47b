package dev.berth.node.master;

import dev.berth.core.cluster.MasterConfig;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.Timings;
import dev.berth.node.launch.HostPort;
import dev.berth.node.launch.NodeEnvironment;
import dev.berth.node.launch.ServiceOption;
import dev.berth.node.link.Secret;
import dev.berth.node.lookout.HttpOption;
import dev.berth.node.tool.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

// All masters are known by their addresses, in one order, which is the same on every node. Among each other they are
// named by their place in it: m1, m2 and so on.

/** {@code ./berth master}: one of the masters of a cluster, as a process of its own. */
@Command(
        name = "master",
        description =
                "Runs one of the masters of a cluster until it is ended. Started by berth up it needs no options.")
public final class MasterCommand implements Tool {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--masters",
            split = ",",
            paramLabel = "HOST:PORT",
            description = "All masters, in the same order everywhere.")
    private List<String> masters = List.of();

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Which of them this is.")
    private String listen = "";

    @Option(names = "--cluster", description = "The cluster's name (default ${DEFAULT-VALUE}).", defaultValue = "berth")
    private String cluster = "";

    @Option(names = "--secret-file", paramLabel = "FILE", description = "What all nodes of the cluster share.")
    private @Nullable Path secretFile;

    @Option(
            names = "--coordinator",
            paramLabel = "HOST:PORT,...",
            description = "Where ZooKeeper is (default ${DEFAULT-VALUE}).",
            defaultValue = "127.0.0.1:2181")
    private String coordinator = "";

    @Mixin
    private HttpOption http = new HttpOption();

    @Option(
            names = "--service",
            paramLabel = "NAME=CAPACITY[/BUCKETS][:fixed]",
            description =
                    "A service of a new cluster, e.g. role=4, or bag=4/256, or role=4:fixed if slots are not to move"
                            + " to members that own fewer.")
    private Map<String, String> services = new TreeMap<>();

    /** What it needs to know, by options or by its launcher. */
    private record Wanted(
            String cluster,
            Path secretFile,
            List<InetSocketAddress> masters,
            InetSocketAddress listen,
            HostPort http,
            String coordinator,
            Timings timings,
            List<ServicePlan> plan) {}

    @Override
    public Integer call() throws IOException {
        Optional<NodeEnvironment> launched = NodeEnvironment.ofThisProcess();
        Wanted wanted = launched.map(MasterCommand::wanted).orElseGet(this::wanted);
        int place = wanted.masters().indexOf(wanted.listen());
        if (place < 0) {
            throw wrong("--listen " + wanted.listen() + " is none of the masters " + wanted.masters());
        }
        List<String> names = new ArrayList<>();
        wanted.masters().forEach(_ -> names.add("m" + (names.size() + 1)));
        return serve(wanted, names.get(place), names);
    }

    private int serve(Wanted wanted, String name, List<String> names) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        MasterConfig config;
        try {
            config = new MasterConfig(name, names, wanted.timings(), wanted.plan(), SettingsCatalog.BUILT_IN);
        } catch (IllegalArgumentException problem) {
            throw wrong(problem.getMessage());
        }
        try (MasterServer server = MasterServer.start(
                config, wanted.cluster(), Secret.ofFile(wanted.secretFile()), wanted.listen(), wanted.coordinator())) {
            String shown = server.show(wanted.http());
            out.println("master serves on " + HostPort.of(server.address()) + " as " + name + ", " + shown);
            out.flush();
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "berth-end"));
            return server.ended().join().equals("closed") ? 0 : 1;
        } catch (IOException | UncheckedIOException | IllegalArgumentException refused) {
            // An address that is taken, a secret that cannot be read or is too short, a name that is none.
            spec.commandLine().getErr().println("berth master: " + refused.getMessage());
            return 1;
        }
    }

    private static Wanted wanted(NodeEnvironment launched) {
        return new Wanted(
                launched.cluster(),
                launched.secretFile(),
                launched.masters().stream().map(HostPort::address).toList(),
                launched.listen().address(),
                launched.http(),
                launched.coordinator(),
                launched.timings().timings(),
                launched.services());
    }

    private Wanted wanted() {
        Path secret = secretFile;
        if (secret == null) {
            throw wrong("--secret-file FILE is needed; make one with: head -c 32 /dev/urandom | base64 > FILE");
        }
        List<ServicePlan> plan = new ArrayList<>();
        services.forEach((service, size) -> plan.add(plan(service, size)));
        return new Wanted(
                cluster,
                secret,
                masters.stream().map(master -> address("--masters", master)).toList(),
                address("--listen", listen),
                http.address(),
                coordinator,
                Timings.DEFAULT,
                plan);
    }

    private ServicePlan plan(String service, String size) {
        try {
            return ServiceOption.parse(service, size);
        } catch (IllegalArgumentException problem) {
            throw wrong(problem.getMessage());
        }
    }

    private InetSocketAddress address(String option, String text) {
        return HostPort.parse(text, 1)
                .orElseThrow(() -> wrong(HostPort.wanted(option, text)))
                .address();
    }

    private ParameterException wrong(@Nullable String message) {
        return new ParameterException(spec.commandLine(), String.valueOf(message));
    }
}
