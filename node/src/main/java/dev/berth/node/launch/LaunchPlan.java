package dev.berth.node.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a launcher starts on this machine, command line by command line. Any thread. */
record LaunchPlan(List<Item> items) {
    private static final String FOUNDS = "--new";

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

        /** For every start but the first: a server of an ensemble founds nothing then. */
        Item again() {
            return new Item(
                    name,
                    kind,
                    listen,
                    work,
                    command.stream()
                            .filter(word -> kind != NodeKind.COORDINATOR || !word.equals(FOUNDS))
                            .toList(),
                    environment);
        }
    }

    boolean has(NodeKind kind) {
        return items.stream().anyMatch(item -> item.kind() == kind);
    }

    /** Only the nodes of these names; all if there are none. */
    LaunchPlan only(List<String> names) {
        var known = items.stream().map(Item::name).toList();
        for (var name : names) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "the file has no node " + name + " for this machine; it has: " + String.join(", ", known));
            }
        }
        return names.isEmpty()
                ? this
                : new LaunchPlan(items.stream()
                        .filter(item -> names.contains(item.name()))
                        .toList());
    }

    static String coordinatorName(CoordinatorSpec.Embedded embedded, int server) {
        return embedded.servers() == 1 ? "coordinator" : "coordinator-" + server;
    }

    static LaunchPlan of(ClusterFile file, JavaCommand java, String launcher) throws IOException {
        return of(file, java, launcher, Map.of());
    }

    /**
     * @param launcher the launcher's id
     * @param jars what nodes have been given by a roll, and run instead of what the file says
     */
    static LaunchPlan of(ClusterFile file, JavaCommand java, String launcher, Map<String, Path> jars)
            throws IOException {
        var items = new ArrayList<Item>();
        if (file.coordinator() instanceof CoordinatorSpec.Embedded embedded
                && embedded.listen().isHere()) {
            coordinators(file, embedded, java, launcher, jars, items);
        }
        for (var kind : NodeKind.values()) {
            for (var node : file.nodes()) {
                if (node.kind() == kind
                        && (kind != NodeKind.MASTER || node.listen().isHere())) {
                    items.add(item(file, rolled(node, jars), java, launcher));
                }
            }
        }
        return new LaunchPlan(items);
    }

    private static void coordinators(
            ClusterFile file,
            CoordinatorSpec.Embedded embedded,
            JavaCommand java,
            String launcher,
            Map<String, Path> jars,
            List<Item> items)
            throws IOException {
        // Only an ensemble that has never had data may begin without: see ServerConfig.founds.
        boolean founds = embedded.servers() > 1 && CoordinatorData.isNone(embedded);
        for (int i = 1; i <= embedded.servers(); i++) {
            var name = coordinatorName(embedded, i);
            var client = embedded.client(i);
            var words = new ArrayList<>(List.of("--dir", embedded.directory(i).toString()));
            words.addAll(List.of("--host", client.host(), "--port", String.valueOf(client.port())));
            if (embedded.servers() > 1) {
                words.addAll(List.of("--servers", embedded.peers(), "--id", String.valueOf(i)));
            }
            if (founds) {
                words.add(FOUNDS);
            }
            var spec = new NodeSpec(
                    name,
                    NodeKind.COORDINATOR,
                    null,
                    List.of(),
                    "",
                    words,
                    List.of(),
                    client,
                    HostPort.ANY,
                    embedded.dir(),
                    List.of("-XX:+ExitOnOutOfMemoryError"));
            items.add(item(file, rolled(spec, jars), java, launcher));
        }
    }

    private static NodeSpec rolled(NodeSpec node, Map<String, Path> jars) throws IOException {
        var jar = jars.get(node.name());
        return jar == null ? node : node.withJar(jar);
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
                file.stores(),
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
