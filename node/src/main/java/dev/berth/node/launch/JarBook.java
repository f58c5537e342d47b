package dev.berth.node.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// A jar that a roll brings is copied, named by its content: whoever builds over the original spoils no process that
// runs it, and the next start of a node finds the same one. Beside it a line per node says which copy it runs, and
// what the cluster file's jar was at that time: when that changes somebody has decided anew, and the file counts
// again.

/** Which jars nodes run instead of what the cluster file says; in the launcher's directory, durable. One thread. */
final class JarBook {
    private static final String RECORD = ".runs";
    private static final String NONE = "none";
    private static final int DIGEST_SHOWN = 16;

    private final Path dir;
    private final ClusterFile file;

    JarBook(ClusterFile file) {
        this.dir = file.state().resolve("jars");
        this.file = file;
    }

    /** What was written down and still counts, by node. */
    Map<String, Path> read(Consumer<? super String> say) throws IOException {
        var jars = new TreeMap<String, Path>();
        for (var name : recorded()) {
            var words = Files.readString(record(name)).strip().split(" ", 2);
            var copy = dir.resolve(words[words.length - 1]);
            if (words.length < 2 || !Files.isRegularFile(copy)) {
                say.accept(name + " was given another jar by a roll, and its copy is gone from " + dir
                        + ": it runs what the cluster file says");
            } else if (!words[0].equals(fileDigest(name))) {
                say.accept(name + " was given another jar by a roll, but the cluster file's has changed since: that one"
                        + " counts");
            } else {
                say.accept(name + " runs " + copy + ", as it was rolled, instead of what the cluster file says");
                jars.put(name, copy);
            }
        }
        return jars;
    }

    /** Removes records that do not count, and copies that nobody runs. Only while no node runs. */
    void sweep(Map<String, Path> jars) throws IOException {
        for (var name : recorded()) {
            if (!jars.containsKey(name)) {
                Files.delete(record(name));
            }
        }
        for (var each : list()) {
            if (!each.toString().endsWith(RECORD) && !jars.containsValue(each)) {
                Files.delete(each);
            }
        }
    }

    /** Copies a jar into the book; the same content twice is one copy. */
    Path keep(Path jar) throws IOException {
        Files.createDirectories(dir);
        var fresh = Files.createTempFile(dir, "jar", ".new");
        try {
            Files.copy(jar, fresh, StandardCopyOption.REPLACE_EXISTING);
            force(fresh);
            var copy = dir.resolve(digest(fresh).substring(0, DIGEST_SHOWN) + "-" + jar.getFileName());
            Files.move(fresh, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** From now on, and after a crash, the node runs this copy. */
    void assign(String name, Path copy) throws IOException {
        var fresh = dir.resolve(name + ".new");
        Files.writeString(fresh, fileDigest(name) + " " + copy.getFileName() + "\n");
        force(fresh);
        Files.move(fresh, record(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(dir);
    }

    /** From now on, and after a crash, the node runs what the cluster file says. */
    void forget(String name) throws IOException {
        if (Files.deleteIfExists(record(name))) {
            force(dir);
        }
    }

    private static void force(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private Path record(String name) {
        return dir.resolve(name + RECORD);
    }

    private TreeSet<String> recorded() throws IOException {
        var names = new TreeSet<String>();
        for (var each : list()) {
            var file = each.getFileName().toString();
            if (file.endsWith(RECORD)) {
                names.add(file.substring(0, file.length() - RECORD.length()));
            }
        }
        return names;
    }

    private List<Path> list() throws IOException {
        if (!Files.isDirectory(dir)) {
            return List.of();
        }
        try (var files = Files.list(dir)) {
            return files.sorted().toList();
        }
    }

    private String fileDigest(String name) throws IOException {
        @Nullable Path jar = null;
        for (var node : file.nodes()) {
            jar = node.name().equals(name) ? node.jar() : jar;
        }
        return jar == null ? NONE : digest(jar);
    }

    private static String digest(Path jar) throws IOException {
        try (InputStream in = new DigestInputStream(Files.newInputStream(jar), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of()
                    .formatHex(((DigestInputStream) in).getMessageDigest().digest());
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
