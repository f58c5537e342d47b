package dev.berth.node.launch;

import dev.berth.core.cluster.Offer;
import dev.berth.core.cluster.ServiceName;
import dev.berth.core.cluster.ServicePlan;
import dev.berth.core.cluster.Spelling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Reads the nodes of a cluster file. A node of kind master that listens on an address of the list of masters is that master;
 * every other address of the list gets a master with the usual settings. One thread, once.
 */
final class NodesReader {
    /** Stands for the number of a copy. */
    private static final String NUMBER = "{n}";

    /** Stands for the directory of the cluster file. */
    private static final String HERE = "{here}";

    private static final List<String> KINDS = List.of("master", "store", "worker", "command");
    private static final int STORE_PORT = 7300;

    private final Path directory;
    private final Path state;
    private final List<ServicePlan> services;
    private final List<HostPort> masters;
    private final List<NodeSpec> nodes = new ArrayList<>();
    private final boolean needsMaster;

    /** @param needsMaster whether there is to be one when neither the list nor a node names any */
    NodesReader(Path directory, Path state, List<ServicePlan> services, List<HostPort> masters, boolean needsMaster) {
        this.needsMaster = needsMaster;
        this.directory = directory;
        this.state = state;
        this.services = services;
        this.masters = new ArrayList<>(masters);
    }

    /** What was read. */
    record Nodes(List<HostPort> masters, List<NodeSpec> all) {}

    Nodes read(@Nullable Entry entry) throws ClusterFileException {
        if (entry != null) {
            for (var child : entry.children()) {
                read(child.lastOfKey(entry), child);
            }
        }
        if (needsMaster && masters.isEmpty()) {
            masters.add(new HostPort(HostPort.LOOPBACK, ClusterFileReader.MASTER_PORT));
        }
        var all = new ArrayList<NodeSpec>();
        for (int i = 0; i < masters.size(); i++) {
            var listen = masters.get(i);
            if (nodes.stream()
                    .noneMatch(node ->
                            node.kind() == NodeKind.MASTER && node.listen().equals(listen))) {
                all.add(new NodeSpec(
                        "master-" + (i + 1),
                        NodeKind.MASTER,
                        null,
                        List.of(),
                        "",
                        List.of(),
                        List.of(),
                        listen,
                        HostPort.ANY,
                        state,
                        List.of()));
            }
        }
        all.addAll(nodes);
        return new Nodes(masters, all);
    }

    private void read(String name, Entry entry) throws ClusterFileException {
        var fields = entry.fields(
                "kind", "jar", "classpath", "class", "args", "services", "listen", "http", "dir", "jvm", "count");
        var kind = kind(entry, fields.get("kind"));
        refuseUseless(kind, fields);
        var count = fields.get("count");
        int copies = count == null ? 1 : count.number(1, ClusterFileReader.NODES_MAX);
        var listen = listen(entry, kind, fields.get("listen"), copies);
        var http = http(fields.get("http"), copies);
        var jar = fields.get("jar");
        var classPath = classPath(jar, fields.get("classpath"));
        var mainClass = mainClass(entry, kind, fields, classPath);
        var offers = offers(fields.get("services"));
        var args = texts(fields.get("args"));
        var jvm = texts(fields.get("jvm"));
        if (kind == NodeKind.COMMAND && args.isEmpty()) {
            throw entry.complaint("a command needs args, the words after berth: args = [gate, --port, 9000]");
        }
        if (kind == NodeKind.COMMAND && classPath.isEmpty()) {
            checkCommand(entry, args.getFirst());
        }
        for (int i = 1; i <= copies; i++) {
            var number = String.valueOf(i);
            var own = count == null ? name : name + "-" + i;
            if (!ServiceName.isWellSpelled(own)) {
                throw entry.complaint(
                        "\"" + own + "\" cannot name a node: 1 to " + ServiceName.MAX + " of a-z 0-9 . _ -");
            }
            var dir = fields.get("dir");
            nodes.add(new NodeSpec(
                    own,
                    kind,
                    jar == null ? null : classPath.getFirst(),
                    classPath,
                    mainClass,
                    filled(args, number),
                    offers,
                    listen,
                    http,
                    dir == null
                            ? state.resolve(own)
                            : directory
                                    .resolve(dir.text().replace(NUMBER, number))
                                    .normalize(),
                    filled(jvm, number)));
        }
    }

    private List<String> filled(List<String> texts, String number) {
        return texts.stream()
                .map(text -> text.replace(NUMBER, number).replace(HERE, directory.toString()))
                .toList();
    }

    /** A node with a class path may bring a command along. */
    private static void checkCommand(Entry node, String command) throws ClusterFileException {
        var known = NodeMain.tools().stream().map(ToolProvider::name).sorted().toList();
        if (!known.contains(command)) {
            var nearest = Spelling.nearest(command, known);
            throw node.complaint("there is no command " + command
                    + (nearest == null
                            ? "; there are: " + String.join(", ", known)
                            : "; did you mean " + nearest + "?"));
        }
    }

    private static NodeKind kind(Entry node, @Nullable Entry entry) throws ClusterFileException {
        var wanted = "one of " + String.join(", ", KINDS);
        if (entry == null) {
            throw node.complaint("the key kind is missing, wanted " + wanted);
        }
        for (var kind : NodeKind.values()) {
            if (kind.word().equals(entry.text()) && KINDS.contains(kind.word())) {
                return kind;
            }
        }
        var nearest = Spelling.nearest(entry.text(), KINDS);
        throw entry.unwanted(wanted + (nearest == null ? "" : "; did you mean " + nearest + "?"));
    }

    /** What would be read and have no effect is an error: whoever wrote it expects something. */
    private static void refuseUseless(NodeKind kind, Map<String, Entry> fields) throws ClusterFileException {
        var useless = switch (kind) {
            case WORKER -> List.of("dir");
            case STORE -> List.of("jar", "classpath", "class", "services", "count");
            case MASTER -> List.of("jar", "classpath", "class", "services", "dir", "count");
            case COMMAND -> List.of("class", "services", "dir", "listen", "http");
            case COORDINATOR -> List.<String>of();
        };
        for (var key : useless) {
            var entry = fields.get(key);
            if (entry != null) {
                throw entry.complaint("a node of kind " + kind.word() + " has no use for this key");
            }
        }
    }

    private HostPort listen(Entry node, NodeKind kind, @Nullable Entry entry, int copies) throws ClusterFileException {
        if (entry == null) {
            if (kind == NodeKind.MASTER) {
                throw node.complaint("a master needs listen = HOST:PORT, since the others must know where it is");
            }
            return new HostPort(HostPort.LOOPBACK, kind == NodeKind.STORE ? STORE_PORT : 0);
        }
        var listen = entry.hostPort(kind == NodeKind.MASTER || kind == NodeKind.STORE ? 1 : 0);
        if (copies > 1 && listen.port() != 0) {
            throw entry.unwanted("port 0, any: " + copies + " copies cannot share one");
        }
        if (kind == NodeKind.MASTER && !masters.contains(listen)) {
            masters.add(listen);
        }
        return listen;
    }

    private static HostPort http(@Nullable Entry entry, int copies) throws ClusterFileException {
        var http = entry == null ? HostPort.ANY : entry.hostPort(0);
        if (entry != null && copies > 1 && http.port() != 0) {
            throw entry.unwanted("port 0, any: " + copies + " copies cannot share one");
        }
        return http;
    }

    private List<Path> classPath(@Nullable Entry jar, @Nullable Entry list) throws ClusterFileException {
        var paths = new ArrayList<Path>();
        if (jar != null) {
            paths.add(existing(jar));
        }
        if (list != null) {
            for (var element : list.elements()) {
                paths.add(existing(element));
            }
        }
        return paths;
    }

    private Path existing(Entry entry) throws ClusterFileException {
        var path = directory.resolve(entry.text()).normalize();
        if (!Files.exists(path)) {
            throw entry.unwanted("a jar or directory that exists; there is no " + path);
        }
        return path;
    }

    private static String mainClass(Entry node, NodeKind kind, Map<String, Entry> fields, List<Path> classPath)
            throws ClusterFileException {
        var named = fields.get("class");
        if (kind != NodeKind.WORKER || named != null) {
            return named == null ? "" : named.text();
        }
        var jar = fields.get("jar");
        if (jar == null) {
            throw node.complaint("a worker needs class = its main class, or a jar whose manifest names one");
        }
        try {
            return NodeSpec.mainOf(classPath.getFirst())
                    .orElseThrow(() -> jar.unwanted(
                            "a jar whose manifest names a Main-Class, or class = the main class beside it"));
        } catch (IOException unreadable) {
            throw jar.unwanted("a jar that can be read: " + unreadable.getMessage());
        }
    }

    private List<Offer> offers(@Nullable Entry entry) throws ClusterFileException {
        var offers = new ArrayList<Offer>();
        if (entry == null) {
            return offers;
        }
        for (var child : entry.children()) {
            var name = child.lastOfKey(entry);
            var planned = services.stream().map(ServicePlan::name).toList();
            if (!planned.contains(name)) {
                var nearest = Spelling.nearest(name, planned);
                throw child.complaint("the file plans no such service"
                        + (nearest != null
                                ? "; did you mean " + nearest + "?"
                                : "; planned are: " + String.join(", ", planned)));
            }
            offers.add(offer(name, child));
        }
        return offers;
    }

    private static Offer offer(String name, Entry entry) throws ClusterFileException {
        if (entry.isObject()) {
            var fields = entry.fields("slots", "standby");
            var slots = fields.get("slots");
            var standby = fields.get("standby");
            return new Offer(
                    name,
                    slots == null ? 1 : slots.number(1, ServicePlan.SLOTS_MAX),
                    standby != null && standby.flag());
        }
        if (entry.isNumber()) {
            return new Offer(name, entry.number(1, ServicePlan.SLOTS_MAX), false);
        }
        if (!entry.text().equals("standby")) {
            throw entry.unwanted("a number of slots, or standby, or { slots = 2, standby = true }");
        }
        return new Offer(name, 1, true);
    }

    private static List<String> texts(@Nullable Entry entry) throws ClusterFileException {
        return entry == null ? List.of() : entry.texts();
    }
}
