package dev.berth.node.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// A collector that works beside the program takes, on two processors, half of all there is for a second, and whoever
// waits for an answer waits for it too. It has no hurry while there is room in the heap. The JVM has no flag for that.
// Threads that only work while the program stands still (G1's and Parallel's "GC Thread") are left alone.

/** Lets the garbage collector's threads that work beside the program give way to it. Linux. Any thread. */
public final class CollectorThreads {
    /** A system property: how nice they are, 1 to 19, as for nice(1). */
    public static final String NICE = "berth.collector.nice";

    private static final Logger LOG = LoggerFactory.getLogger(CollectorThreads.class);
    private static final int NICE_MOST = 19;
    private static final Path ALL = Path.of("/proc/self/task");

    /** Beginnings of their names: the workers, and those who start further workers, which inherit how nice they are. */
    private static final List<String> NAMES = List.of("Shenandoah", "ZWorker", "ZDriver", "G1 Conc", "G1 Main");

    private CollectorThreads() {}

    /**
     * Does so if {@link #NICE} is set.
     *
     * @throws IllegalArgumentException when it is no such number
     */
    public static void giveWay() {
        String wanted = System.getProperty(NICE);
        if (wanted == null) {
            return;
        }
        int nice = nice(wanted);
        if (!Files.isDirectory(ALL)) {
            LOG.warn("-D{} is left out: there is no {}, this is no Linux", NICE, ALL);
            return;
        }
        List<Path> found;
        try (Stream<Path> threads = Files.list(ALL)) {
            found = threads.filter(CollectorThreads::collects).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        if (found.isEmpty()) {
            LOG.warn(
                    "-D{} does nothing: this collector stops the program while it works; choose another one"
                            + " (-XX:+UseShenandoahGC -XX:ShenandoahGCMode=generational, or -XX:+UseZGC)",
                    NICE);
        }
        long refused = found.stream()
                .filter(thread ->
                        !Posix.setNice(Integer.parseInt(thread.getFileName().toString()), nice))
                .count();
        if (refused > 0) {
            LOG.warn(
                    "-D{}={}: the system refuses it for {} of {} threads of the collector; is the process nicer"
                            + " already?",
                    NICE,
                    nice,
                    refused,
                    found.size());
        }
    }

    private static int nice(String wanted) {
        if (!wanted.matches("[0-9]{1,2}") || Integer.parseInt(wanted) < 1 || Integer.parseInt(wanted) > NICE_MOST) {
            throw new IllegalArgumentException(
                    "-D" + NICE + "=" + wanted + ": wanted a whole number from 1 to " + NICE_MOST);
        }
        return Integer.parseInt(wanted);
    }

    private static boolean collects(Path thread) {
        try {
            String name = Files.readString(thread.resolve("comm"));
            return NAMES.stream().anyMatch(name::startsWith);
        } catch (IOException ended) {
            return false;
        }
    }
}
