package dev.berth.node.operate;

import dev.berth.core.cluster.Recovery;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.Timings;
import dev.berth.core.cluster.ViewImage;
import dev.berth.core.protocol.Protocol;
import dev.berth.node.coordinator.CoordinatorConfig;
import dev.berth.node.coordinator.NoCoordinatorException;
import dev.berth.node.coordinator.Refounding;
import dev.berth.node.launch.ClusterFile;
import dev.berth.node.launch.ClusterFileException;
import dev.berth.node.launch.HostPort;
import dev.berth.node.launch.NodeKind;
import dev.berth.node.launch.NodeSpec;
import dev.berth.node.launch.ServiceOption;
import dev.berth.node.link.Secret;
import dev.berth.node.link.TransportConfig;
import dev.berth.node.tool.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

// The order is: who is there, what do the stores know, write. Whatever is found on the way that should not be ends the
// command before anything is written; the writing itself fails when there is a record.

/** {@code ./berth recover}: a new record for a cluster whose coordinator has lost everything (docs/operations.md). */
@Command(
        name = "recover",
        description =
                "Writes a new record into a coordinator that has lost its data. Masters and nodes must be stopped,"
                        + " stores and coordinator must run.")
public final class RecoverCommand implements Tool {
    private final long quietNanos;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "The cluster file: names everything that the options would.")
    private @Nullable Path file;

    @Option(names = "--cluster", paramLabel = "NAME", description = "The cluster's name.")
    private @Nullable String cluster;

    @Option(names = "--secret-file", paramLabel = "FILE", description = "What all nodes of the cluster share.")
    private @Nullable Path secretFile;

    @Option(names = "--coordinator", paramLabel = "HOST:PORT,...", description = "Where ZooKeeper is.")
    private @Nullable String coordinator;

    @Option(
            names = "--masters",
            split = ",",
            paramLabel = "HOST:PORT,...",
            description = "Where masters listened: nobody may answer there.")
    private List<String> masters = List.of();

    @Option(
            names = "--store",
            split = ",",
            paramLabel = "HOST:PORT,...",
            description = "All stores of the cluster: they know how far epochs had come.")
    private List<String> stores = List.of();

    @Option(
            names = "--service",
            paramLabel = "NAME=CAPACITY[/BUCKETS]",
            description = "The services, exactly as they were planned, e.g. role=4 or bag=4/256.")
    private Map<String, String> services = new TreeMap<>();

    @Option(
            names = "--above",
            paramLabel = "N",
            description =
                    "The number of the last view that anybody remembers (logs say 'view N'); needed where a store is"
                            + " lost too, or there is none.")
    private long above;

    @Option(
            names = "--within",
            paramLabel = "SECONDS",
            description = "How long to wait for coordinator and stores, and for sessions to end (default"
                    + " ${DEFAULT-VALUE}).",
            defaultValue = "15")
    private int within;

    public RecoverCommand() {
        this(Duration.ofSeconds(3));
    }

    /** @param quiet for how long nobody may be seen at the coordinator */
    RecoverCommand(Duration quiet) {
        this.quietNanos = quiet.toNanos();
    }

    private record Wanted(
            String cluster,
            @Nullable Path secretFile,
            String coordinator,
            List<HostPort> masters,
            List<HostPort> stores,
            long leaseNanos,
            List<ServicePlan> plan) {}

    /** It ends here, for this reason; nothing was written. */
    private static final class Stopped extends Exception {
        private static final long serialVersionUID = 1;

        Stopped(String why) {
            super(why);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        Wanted wanted;
        try {
            wanted = file == null ? ofOptions() : ofFile(ClusterFile.read(file));
        } catch (ClusterFileException | IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
        try {
            recover(wanted);
            return 0;
        } catch (Stopped | NoCoordinatorException why) {
            err.println("berth recover: " + why.getMessage());
            err.println("Nothing was written.");
            return 1;
        }
    }

    private void recover(Wanted wanted) throws Stopped, NoCoordinatorException, IOException, InterruptedException {
        CoordinatorConfig config = new CoordinatorConfig(wanted.coordinator(), wanted.cluster());
        try (Refounding refounding = new Refounding(config, TimeUnit.SECONDS.toMillis(within), _ -> {})) {
            if (above == 0 && (wanted.stores().isEmpty() || wanted.secretFile() == null)) {
                throw new Stopped(
                        "without a store nothing tells how far epochs had come: say --store HOST:PORT,... (and"
                                + " --secret-file), or --above N with the number of the last view in any log");
            }
            noRecord(refounding.record());
            nobody(refounding, wanted);
            long highest = Math.max(above, ofStores(wanted));
            Recovery recovery;
            try {
                recovery = new Recovery(highest, wanted.leaseNanos(), wanted.plan());
            } catch (IllegalArgumentException wrong) {
                throw new Stopped(String.valueOf(wrong.getMessage()));
            }
            switch (refounding.write(recovery)) {
                case WRITTEN -> say(done(wanted, recovery));
                case EXISTS -> throw new Stopped("somebody has just written a record: is a master running?");
                case UNKNOWN ->
                    throw new Stopped("the connection was lost while the record was written: run this again,"
                            + " it will say whether there is one");
            }
        }
    }

    private static void noRecord(Optional<ViewImage> record) throws Stopped {
        if (record.isPresent()) {
            ViewImage view = record.get();
            throw new Stopped("the coordinator has a record of this cluster: view " + view.number() + ", "
                    + view.members().size() + " members, " + view.services().size() + " services. If it is the old one,"
                    + " nothing is lost: start the cluster. If masters have made it after the loss (a low number, slots"
                    + " parked), stop everything, empty the coordinator's directory, start only coordinator and stores,"
                    + " and run this again");
        }
    }

    // A coordinator that has just come back is found again within a second or two by those who live; and a session
    // outlives a process that was killed by some seconds. So it has to be quiet for a while, and there is patience.
    private void nobody(Refounding refounding, Wanted wanted)
            throws Stopped, NoCoordinatorException, InterruptedException {
        long start = System.nanoTime();
        long quietSince = start;
        List<String> present = refounding.present();
        while (System.nanoTime() - quietSince < quietNanos
                && System.nanoTime() - start < quietNanos + TimeUnit.SECONDS.toNanos(within)) {
            TimeUnit.MILLISECONDS.sleep(100);
            present = refounding.present();
            quietSince = present.isEmpty() ? quietSince : System.nanoTime();
        }
        if (!present.isEmpty()) {
            throw new Stopped("still there, with a session at the coordinator: " + String.join(", ", present)
                    + ". Stop all masters and nodes of the cluster first");
        }
        for (HostPort master : wanted.masters()) {
            if (Inquiry.answers(master)) {
                throw new Stopped("somebody listens at " + master + ", a master's address. Stop all masters first");
            }
        }
    }

    private long ofStores(Wanted wanted) throws Stopped, IOException, InterruptedException {
        Path secret = wanted.secretFile();
        if (wanted.stores().isEmpty() || secret == null) {
            return 0;
        }
        TransportConfig config;
        try {
            config = TransportConfig.of(wanted.cluster(), Secret.ofFile(secret), Protocol.VERSIONS);
        } catch (IllegalArgumentException | IOException unusable) {
            throw new Stopped(
                    "--cluster " + wanted.cluster() + ", --secret-file " + secret + ": " + unusable.getMessage());
        }
        long highest = 0;
        try (Inquiry inquiry = new Inquiry(config, TimeUnit.SECONDS.toMillis(within))) {
            for (HostPort store : wanted.stores()) {
                Inquiry.Fences fences = inquiry.fences(store);
                switch (fences) {
                    case Inquiry.Known known -> {
                        say("store " + store + ": " + known.count() + " fences, the highest epoch is "
                                + known.highest());
                        highest = Math.max(highest, known.highest());
                    }
                    case Inquiry.InUse inUse ->
                        throw new Stopped("store " + store + " has " + inUse.others() + " other connections: nodes are"
                                + " still there. Stop them first");
                    case Inquiry.Silent silent -> {
                        if (above == 0) {
                            throw new Stopped(
                                    "store " + store + " cannot be asked: " + silent.cause() + ". Start it, or, if it"
                                            + " is lost, say --above"
                                            + " N with the number of"
                                            + " the last view in any"
                                            + " log");
                        }
                        say("store " + store + " cannot be asked: " + silent.cause() + "; --above " + above
                                + " has to do for it");
                    }
                }
            }
        }
        return highest;
    }

    private static String done(Wanted wanted, Recovery recovery) {
        return "cluster " + wanted.cluster() + " begins again with view " + recovery.number()
                + ": no members, services "
                + wanted.plan().stream()
                        .map(plan ->
                                plan.name() + "=" + plan.capacity() + (plan.isBucketed() ? "/" + plan.buckets() : ""))
                        .toList()
                + ". Settings, global names and changed capacities are lost: set them again. Start the cluster as"
                + " always";
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    private static Wanted ofFile(ClusterFile file) {
        return new Wanted(
                file.cluster(),
                file.secretFile(),
                file.coordinator().connection(),
                file.masters(),
                file.nodes().stream()
                        .filter(node -> node.kind() == NodeKind.STORE)
                        .map(NodeSpec::listen)
                        .toList(),
                file.timings().timings().leaseNanos(),
                file.services());
    }

    private Wanted ofOptions() {
        String name = cluster;
        String where = coordinator;
        if (name == null || where == null) {
            throw new IllegalArgumentException("which cluster? Give the cluster FILE, or --cluster, --coordinator,"
                    + " --store, --secret-file and every --service");
        }
        List<ServicePlan> plan = new ArrayList<>();
        services.forEach((service, size) -> plan.add(ServiceOption.parse(service, size)));
        return new Wanted(
                name,
                secretFile,
                where,
                addresses("--masters", masters),
                addresses("--store", stores),
                Timings.DEFAULT.leaseNanos(),
                plan);
    }

    private static List<HostPort> addresses(String option, List<String> words) {
        List<HostPort> all = new ArrayList<>();
        for (String word : words) {
            all.add(HostPort.parse(word, 1)
                    .orElseThrow(() -> new IllegalArgumentException(HostPort.wanted(option, word))));
        }
        return all;
    }
}
