package dev.berth.node.launch;

import dev.berth.core.cluster.Offer;
import java.nio.file.Path;
import java.util.List;

/**
 * One node of a cluster file, numbered copies being one each. Any thread.
 *
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
}
