package dev.berth.node.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a launcher starts on this machine, command line by command line. Any thread. */
record LaunchPlan(List<Item> items) {
    LaunchPlan {
        items = List.copyOf(items);
    }

    /** One process. */
    record Item(
            String name,
            NodeKind kind,
            String listen,
            String work,
            List<String> command,
            Map<String, String> environment) {
        Item {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }
    }

    static String coordinatorName(CoordinatorSpec.Embedded embedded, int server) {
        return embedded.servers() == 1 ? "coordinator" : "coordinator-" + server;
    }

    /** @param launcher the launcher's id */
    static LaunchPlan of(ClusterFile file, JavaCommand java, String launcher) throws IOException {
        var items = new ArrayList<Item>();
        if (file.coordinator() instanceof CoordinatorSpec.Embedded embedded
                && embedded.listen().isHere()) {
            coordinators(file, embedded, java, launcher, items);
        }
        for (var kind : NodeKind.values()) {
            for (var node : file.nodes()) {
                if (node.kind() == kind
                        && (kind != NodeKind.MASTER || node.listen().isHere())) {
                    items.add(item(file, node, java, launcher));
                }
            }
        }
        return new LaunchPlan(items);
    }

    private static void coordinators(
            ClusterFile file, CoordinatorSpec.Embedded embedded, JavaCommand java, String launcher, List<Item> items) {
        // Only an ensemble that has never had data may begin without: see ServerConfig.founds.
        boolean founds = embedded.servers() > 1 && !Files.exists(embedded.dir());
        for (int i = 1; i <= embedded.servers(); i++) {
            var name = coordinatorName(embedded, i);
            var client = embedded.client(i);
            var words = new ArrayList<>(
                    List.of("--dir", embedded.dir().resolve(String.valueOf(i)).toString()));
            words.addAll(List.of("--host", client.host(), "--port", String.valueOf(client.port())));
            if (embedded.servers() > 1) {
                words.addAll(List.of("--servers", embedded.peers(), "--id", String.valueOf(i)));
            }
            if (founds) {
                words.add("--new");
            }
            var spec = new NodeSpec(
                    name,
                    NodeKind.COORDINATOR,
                    List.of(),
                    "",
                    words,
                    List.of(),
                    client,
                    HostPort.ANY,
                    embedded.dir(),
                    List.of("-XX:+ExitOnOutOfMemoryError"));
            items.add(item(file, spec, java, launcher));
        }
    }

    private static Item item(ClusterFile file, NodeSpec node, JavaCommand java, String launcher) {
        var environment = new NodeEnvironment(
                file.cluster(),
                file.secretFile(),
                node.name(),
                launcher,
                file.masters(),
                file.coordinator().connection(),
                file.timings(),
                node.listen(),
                node.http(),
                node.offers(),
                file.services(),
                file.nodes().stream()
                        .filter(each -> each.kind() == NodeKind.STORE)
                        .map(NodeSpec::listen)
                        .toList(),
                node.dir());
        return new Item(
                node.name(),
                node.kind(),
                node.kind() == NodeKind.COMMAND ? "" : node.listen().toString(),
                work(node),
                java.line(node.jvm(), node.classPath(), program(file, node)),
                environment.variables());
    }

    private static List<String> program(ClusterFile file, NodeSpec node) {
        var words = new ArrayList<String>();
        switch (node.kind()) {
            case WORKER -> words.addAll(List.of(NodeMain.CLASS, node.mainClass()));
            case STORE -> {
                words.addAll(List.of(NodeMain.TOOL, "store", node.dir().toString()));
                words.addAll(List.of("--listen", node.listen().toString(), "--cluster", file.cluster()));
                words.addAll(List.of("--secret-file", file.secretFile().toString()));
            }
            case COORDINATOR, MASTER ->
                words.addAll(List.of(NodeMain.TOOL, node.kind().word()));
            case COMMAND -> words.add(NodeMain.TOOL);
        }
        words.addAll(node.args());
        return words;
    }

    private static String work(NodeSpec node) {
        return switch (node.kind()) {
            case COORDINATOR, STORE -> node.dir().toString();
            case MASTER -> "";
            case COMMAND -> String.join(" ", node.args());
            case WORKER ->
                node.mainClass() + " "
                        + String.join(
                                ", ",
                                node.offers().stream()
                                        .map(NodeEnvironment::word)
                                        .toList());
        };
    }
}
