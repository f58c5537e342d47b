package dev.berth.node.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

// There is no release to roll from yet, so two are made of these sources. The earlier one is what they are: protocol
// versions 1..1. The later one speaks 1..2, and what a member says to its master and what a caller says to an owner has
// a field that the earlier one has never heard of. Both have a worker that answers with its version.

/** Makes jars of two releases of Berth with an application on it. */
final class Release {
    private static final String PROTOCOL = "core/src/main/java/dev/berth/core/protocol/Protocol.java";
    private static final String TO_MASTER = "core/src/main/java/dev/berth/core/cluster/ClusterMessage.java";
    private static final String TO_PEER = "core/src/main/java/dev/berth/core/call/PeerMessage.java";

    private static final String WORKER = """
        package dev.berth.node.demo;

        import dev.berth.core.wire.Bytes;
        import dev.berth.core.protocol.Protocol;
        import dev.berth.node.launch.NodeEnvironment;
        import dev.berth.node.launch.NodeLine;
        import dev.berth.node.worker.*;
        import java.io.IOException;
        import java.util.Map;

        public final class ReleasedWorker {
            public static void main(String[] args) throws Exception {
                var environment = NodeEnvironment.ofThisProcess().orElseThrow();
                var values = new KeyValue(slot -> {});
                var node = Node.start(NodeConfig.of(environment), Map.of("kv", new SlotService() {
                    public void load(Slot slot, SlotStore store) throws IOException, InterruptedException {
                        values.load(slot, store);
                    }

                    public Bytes handle(ServiceCall call) throws IOException, InterruptedException {
                        return call.body().utf8().equals("WHO")
                                ? Bytes.utf8("release VERSION speaks " + Protocol.VERSIONS)
                                : values.handle(call);
                    }

                    public void dropped(Slot slot, String cause) {
                        values.dropped(slot, cause);
                    }
                }));
                Runtime.getRuntime().addShutdownHook(new Thread(node::close));
                node.listed().thenAccept(life -> System.out.println(NodeLine.listed(environment.name(), life)));
                System.out.println(environment.name() + " ends: " + node.ended().join());
                Runtime.getRuntime().halt(1);
            }
        }
        """;

    private Release() {}

    /** These sources, and release 1 of the application. */
    static Path earlier(Path dir) throws IOException {
        return jar(dir.resolve("game-1.jar"), compiled(dir.resolve("1"), List.of(worker(1))));
    }

    /** The next protocol version with two new fields, and release 2 of the application. */
    static Path later(Path dir) throws IOException {
        var root = Path.of("").toAbsolutePath();
        if (!Files.exists(root.resolve(PROTOCOL))) {
            // Maven runs the tests of a module in its own directory.
            root = root.resolve("..").normalize();
        }
        var sources = List.of(
                worker(2),
                source(root, PROTOCOL).with("new Versions(1, 1)", "new Versions(1, 2)"),
                source(root, TO_MASTER).withField("Beat"),
                source(root, TO_PEER).withField("Call"));
        return jar(dir.resolve("game-2.jar"), compiled(dir.resolve("2"), sources));
    }

    private record Source(String name, String text) {
        Source with(String before, String after) {
            if (text.split(Pattern.quote(before), -1).length != 2) {
                throw new IllegalStateException(name + " is not as this test knows it: not once '" + before + "'");
            }
            return new Source(name, text.replace(before, after));
        }

        /** With one more field in a record, and a constructor for those who do not know it. */
        Source withField(String record) {
            var found = Pattern.compile("(record " + record + "\\(([^{]*?))\\)(\\s+implements \\w+ \\{)")
                    .matcher(text);
            if (!found.find()) {
                throw new IllegalStateException(name + " has no record " + record + " as this test knows it");
            }
            var components = found.group(2)
                    .replaceAll("@Field\\([^)]*\\)", "")
                    .replaceAll("\\s+", " ")
                    .strip();
            var names = Stream.of(components.split(","))
                    .map(component -> component.substring(component.lastIndexOf(' ') + 1))
                    .collect(Collectors.joining(", "));
            var constructor = "public " + record + "(" + components + ") { this(" + names + ", 4_711); }";
            return new Source(
                    name,
                    text.substring(0, found.start()) + found.group(1) + ", @Field(15) long novelty)" + found.group(3)
                            + constructor + text.substring(found.end()));
        }
    }

    private static Source worker(int version) {
        return new Source("dev/berth/node/demo/ReleasedWorker.java", WORKER)
                .with("VERSION speaks", version + " speaks");
    }

    private static Source source(Path root, String file) throws IOException {
        return new Source(file.substring(file.indexOf("dev/")), Files.readString(root.resolve(file)));
    }

    private static Path compiled(Path dir, List<Source> sources) throws IOException {
        var classes = Files.createDirectories(dir.resolve("classes"));
        var words = new ArrayList<>(List.of(
                "-proc:none",
                "-nowarn",
                "-Xlint:none",
                "-parameters",
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path")));
        for (var source : sources) {
            var file = dir.resolve("sources").resolve(source.name());
            Files.createDirectories(file.getParent());
            words.add(Files.writeString(file, source.text()).toString());
        }
        int code = ToolProvider.getSystemJavaCompiler().run(null, null, null, words.toArray(String[]::new));
        if (code != 0) {
            throw new IllegalStateException("the changed sources do not compile");
        }
        return classes;
    }

    private static Path jar(Path jar, Path classes) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "dev.berth.node.demo.ReleasedWorker");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            Files.walkFileTree(classes, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    URI relative = classes.toUri().relativize(file.toUri());
                    out.putNextEntry(new JarEntry(relative.getPath()));
                    Files.copy(file, out);
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        return jar;
    }
}
