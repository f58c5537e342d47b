package dev.berth.node.dev;

import dev.berth.core.cluster.ServicePlan;
import dev.berth.node.tool.Tool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./berth dev}: what a node under development needs around it, in one process. */
@Command(
        name = "dev",
        description =
                "Runs coordinator, master and store in one process, with leases that outlast any breakpoint, for a"
                        + " node that is started from an IDE. Keeps nothing.")
public final class DevCommand implements Tool {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--service",
            paramLabel = "NAME=CAPACITY",
            description = "A service of the cluster, e.g. role=2; more than once.")
    private Map<String, Integer> services = new TreeMap<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<ServicePlan> plan = new ArrayList<>();
        try {
            services.forEach((name, capacity) -> plan.add(ServicePlan.plain(name, capacity)));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
        DevCluster cluster = DevCluster.start(plan.toArray(ServicePlan[]::new));
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "berth-end"));
        cluster.banner().forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().flush();
        new CountDownLatch(1).await();
        return 0;
    }
}
