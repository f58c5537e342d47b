package dev.berth.node.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

// A server without data does not vote, so an ensemble in which fewer than half have data waits for ever. That is so
// when one server was made three by the file, and also when two of three have lost their disks: what the third has
// may then be older than what was confirmed. The two look alike from here, so nothing is copied without a person.

/** Which of the embedded servers of a file have data. One thread. */
final class CoordinatorData {
    private CoordinatorData() {}

    /** Whether no server has ever written anything: one that was killed at its first start has only its directory. */
    static boolean isNone(CoordinatorSpec.Embedded embedded) throws IOException {
        return having(embedded).isEmpty();
    }

    /** Refuses an ensemble that could not elect. */
    static void check(CoordinatorSpec.Embedded embedded) throws IOException, LaunchRefusedException {
        var having = having(embedded);
        if (having.isEmpty() || having.size() * 2 > embedded.servers()) {
            return;
        }
        int source = having.getFirst();
        var from = embedded.directory(source);
        var copies = new ArrayList<String>();
        for (int i = 1; i <= embedded.servers(); i++) {
            if (!having.contains(i)) {
                var to = embedded.directory(i);
                copies.add("rm -rf %2$s; cp -a %1$s %2$s; rm -f %2$s/data/myid".formatted(from, to));
            }
        }
        throw new LaunchRefusedException(having.size() + " of " + embedded.servers() + " coordinators "
                + (having.size() == 1 ? "has" : "have") + " data ("
                + having.stream().map(i -> embedded.directory(i).toString()).collect(Collectors.joining(", "))
                + "), and the others may not vote without: no master would ever lead. If it was the only one until"
                + " now, either leave it so, by coordinator.servers = 1 in the cluster file, or give the others what"
                + " it has: "
                + String.join("; ", copies)
                + ". If the others have lost their data: berth recover (docs/operations.md). If the cluster is new and"
                + " its first start was broken off: remove " + embedded.dir());
    }

    private static List<Integer> having(CoordinatorSpec.Embedded embedded) throws IOException {
        var having = new ArrayList<Integer>();
        for (int i = 1; i <= embedded.servers(); i++) {
            if (hasData(embedded.directory(i))) {
                having.add(i);
            }
        }
        return having;
    }

    private static boolean hasData(Path directory) throws IOException {
        var written = directory.resolve("data/version-2");
        if (!Files.isDirectory(written)) {
            return false;
        }
        try (var files = Files.newDirectoryStream(written, "{snapshot,log}.*")) {
            return files.iterator().hasNext();
        }
    }
}
