package dev.berth.node.launch;

import dev.berth.core.cluster.Incarnation;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A line on standard output by which a node tells its launcher how far it is. {@link #serves} and {@link #listed} write such
 * lines; the commands of Berth say it in their own words, {@code coordinator serves on ...}, {@code store DIR SERVING ...}. Any thread.
 */
public sealed interface NodeLine {
    /** What others of the cluster may wait for has begun. */
    record Serves() implements NodeLine {}

    /** The node is listed under this incarnation; a later line replaces it. */
    record Listed(String name, Incarnation incarnation) implements NodeLine {}

    int LENGTH_MAX = 512;
    Pattern SERVES = Pattern.compile("(berth-node|coordinator|master|store) (.* )?(serves|SERVING)\\b.*");
    Pattern LISTED = Pattern.compile("berth-node listed ([a-z0-9._-]{1,64}) (n[0-9.]+)");

    /** To print when the node serves. */
    static String serves(String address) {
        return "berth-node serves on " + address;
    }

    /** To print, and to flush, as soon as the node is admitted. */
    static String listed(String name, Incarnation incarnation) {
        return "berth-node listed " + name + " " + incarnation;
    }

    static Optional<NodeLine> parse(String line) {
        if (SERVES.matcher(line).matches()) {
            return Optional.of(new Serves());
        }
        var listed = LISTED.matcher(line);
        return listed.matches()
                ? Incarnation.parse(listed.group(2)).map(life -> new Listed(listed.group(1), life))
                : Optional.empty();
    }
}
