package dev.berth.node.master;

import dev.berth.core.cluster.MasterConfig;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.SettingsCatalog;
import dev.berth.core.cluster.Timings;
import dev.berth.node.link.Secret;
import dev.berth.node.tool.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./berth master}: one of the masters of a cluster, as a process of its own. */
@Command(name = "master", description = "Runs one of the masters of a cluster until it is ended.")
public final class MasterCommand implements Tool {
    @Spec
    private CommandSpec spec;

    @Option(names = "--name", required = true, description = "Its name among the masters.")
    private String name = "";

    @Option(
            names = "--masters",
            required = true,
            split = ",",
            paramLabel = "NAME",
            description = "The names of all masters, in the same order everywhere.")
    private List<String> masters = List.of();

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Where members connect (default any port).")
    private String listen = "127.0.0.1:0";

    @Option(names = "--cluster", description = "The cluster's name (default ${DEFAULT-VALUE}).", defaultValue = "berth")
    private String cluster = "";

    @Option(names = "--secret-file", required = true, description = "What all nodes of the cluster share.")
    private Path secretFile = Path.of("");

    @Option(
            names = "--coordinator",
            paramLabel = "HOST:PORT,...",
            description = "Where ZooKeeper is (default ${DEFAULT-VALUE}).",
            defaultValue = "127.0.0.1:2181")
    private String coordinator = "";

    @Option(
            names = "--service",
            paramLabel = "NAME=CAPACITY[/BUCKETS]",
            description = "A service of a new cluster, e.g. role=4 or bag=4/256.")
    private Map<String, String> services = new TreeMap<>();

    @Option(
            names = "--faster",
            paramLabel = "N",
            description = "All timings divided by N, the same on every node (default ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private int faster;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        List<ServicePlan> plan = new ArrayList<>();
        services.forEach((service, size) -> plan.add(plan(service, size)));
        MasterConfig config;
        try {
            config = new MasterConfig(
                    name, masters, Timings.DEFAULT.dividedBy(Math.max(1, faster)), plan, SettingsCatalog.BUILT_IN);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
        try (MasterServer server =
                MasterServer.start(config, cluster, Secret.ofFile(secretFile), address(listen), coordinator)) {
            out.println("master " + name + " serves " + server.address().getHostString() + ":"
                    + server.address().getPort());
            out.flush();
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "berth-end"));
            String cause = server.ended().join();
            return cause.equals("closed") ? 0 : 1;
        } catch (UncheckedIOException taken) {
            spec.commandLine().getErr().println(taken.getMessage());
            return 1;
        }
    }

    private ServicePlan plan(String service, String size) {
        String[] parts = size.split("/", -1);
        try {
            int capacity = Integer.parseInt(parts[0]);
            return parts.length == 1
                    ? ServicePlan.plain(service, capacity)
                    : ServicePlan.bucketed(service, capacity, Integer.parseInt(parts[1]));
        } catch (NumberFormatException notANumber) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--service " + service + " needs CAPACITY or CAPACITY/BUCKETS, got " + size,
                    notANumber);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
    }

    private InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        try {
            return new InetSocketAddress(
                    text.substring(0, Math.max(0, colon)), Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(
                    spec.commandLine(), "--listen needs HOST:PORT, e.g. 127.0.0.1:7000, got " + text, wrong);
        }
    }
}
