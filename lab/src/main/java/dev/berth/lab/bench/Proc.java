package dev.berth.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What Linux says of a process. Any thread. */
record Proc(long pid) {
    /** Linux counts processor time in hundredths of a second, on every architecture that it shows to programs. */
    private static final double TICKS_PER_SECOND = 100;

    /** After the name, which may contain anything but ends with the last parenthesis. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;

    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String ESTABLISHED = "01";

    /** What it keeps in memory, in MiB. */
    long residentMiB() throws IOException {
        return residentKiB() / 1024;
    }

    long residentKiB() throws IOException {
        for (String line : Files.readAllLines(path("status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }

    /** How long processors have worked for it. */
    double cpuSeconds() throws IOException {
        String text = Files.readString(path("stat"));
        List<String> fields = List.of(text.substring(text.lastIndexOf(')') + 2).split(" ", -1));
        return (Long.parseLong(fields.get(USER_TICKS)) + Long.parseLong(fields.get(SYSTEM_TICKS))) / TICKS_PER_SECOND;
    }

    /** The same of this process; zero where the system does not tell. */
    static Duration ownCpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** How many TCP connections it has; one with itself counts at both ends. */
    int connections() throws IOException {
        Set<String> established = new TreeSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(path("net").resolve(table))) {
                List<String> fields = List.of(line.strip().split("\\s+"));
                if (fields.get(STATE).equals(ESTABLISHED)) {
                    established.add("socket:[" + fields.get(INODE) + "]");
                }
            }
        }
        int count = 0;
        try (Stream<Path> open = Files.list(path("fd"))) {
            for (Path file : open.toList()) {
                // A file that has been closed meanwhile is no connection either.
                count += Files.isSymbolicLink(file) && established.contains(target(file)) ? 1 : 0;
            }
        }
        return count;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    private Path path(String file) {
        return Path.of("/proc", String.valueOf(pid), file);
    }
}
