package dev.berth.node.launch;

import dev.berth.core.cluster.Offer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * One node of a cluster file, numbered copies being one each. Any thread.
 *
 * @param jar what it runs, first on its class path; null for classes that are on the path anyway
 * @param classPath what its class is found on, before Berth's own; empty for Berth's own classes
 * @param mainClass the class of a worker; empty for the main class of the jar, and for all other kinds
 * @param args what its main method gets; the words of a command
 * @param offers the services it is willing to own slots of
 * @param listen where other nodes reach it; port 0 = any
 * @param http where it shows /metrics, /live and /ready; port 0 = any
 * @param dir where a store keeps its data
 * @param jvm options of its virtual machine
 */
public record NodeSpec(
        String name,
        NodeKind kind,
        @Nullable Path jar,
        List<Path> classPath,
        String mainClass,
        List<String> args,
        List<Offer> offers,
        HostPort listen,
        HostPort http,
        Path dir,
        List<String> jvm) {
    public NodeSpec {
        classPath = List.copyOf(classPath);
        args = List.copyOf(args);
        offers = List.copyOf(offers);
        jvm = List.copyOf(jvm);
    }

    /** The same with another jar; its manifest names the main class if that of the one before did. */
    NodeSpec withJar(Path other) throws IOException {
        var paths = new ArrayList<>(classPath);
        var main = mainClass;
        if (jar != null) {
            paths.remove(jar);
            if (mainOf(jar).filter(mainClass::equals).isPresent()) {
                main = mainOf(other).orElse(mainClass);
            }
        }
        paths.addFirst(other);
        return new NodeSpec(name, kind, other, paths, main, args, offers, listen, http, dir, jvm);
    }

    /** The main class that the manifest of a jar names. */
    static Optional<String> mainOf(Path jar) throws IOException {
        try (var opened = new JarFile(jar.toFile())) {
            var manifest = opened.getManifest();
            return Optional.ofNullable(
                    manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS));
        }
    }
}
