package dev.berth.node.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

// A process id alone names nobody: it is used again. With the time of its start, in the kernel's own ticks, and the
// boot that these count from, it names one process for good.

/** What the kernel says about a process: its id, group, and when it started. Linux. Any thread. */
record ProcessStamp(long pid, long group, long startTicks) {
    private static final Path PROC = Path.of("/proc");
    /** Fields of /proc/PID/stat after the name in parentheses, which may itself hold anything. */
    private static final int STATE = 0;

    private static final int GROUP = 2;

    private static final int START = 19;

    static boolean isSupported() {
        return Files.isReadable(PROC.resolve("self/stat"));
    }

    /** Nothing if there is none, or if it has ended and merely waits to be waited for. */
    static Optional<ProcessStamp> of(long pid) {
        try {
            var stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            if (fields[STATE].equals("Z")) {
                return Optional.empty();
            }
            return Optional.of(new ProcessStamp(pid, Long.parseLong(fields[GROUP]), Long.parseLong(fields[START])));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    static String bootId() throws IOException {
        return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
    }

    /** Those in the group whose environment has this variable: descendants of one process, and no stranger. */
    static List<ProcessStamp> ofGroup(long group, String variable, String value) throws IOException {
        var members = new ArrayList<ProcessStamp>();
        for (long pid : pids()) {
            of(pid).filter(stamp -> stamp.group == group && hasVariable(pid, variable, value))
                    .ifPresent(members::add);
        }
        return members;
    }

    private static List<Long> pids() throws IOException {
        try (Stream<Path> entries = Files.list(PROC)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("[0-9]+"))
                    .map(Long::valueOf)
                    .toList();
        }
    }

    private static boolean hasVariable(long pid, String variable, String value) {
        try {
            var environment = Files.readString(PROC.resolve(pid + "/environ"), StandardCharsets.ISO_8859_1);
            return List.of(environment.split("\0", -1)).contains(variable + "=" + value);
        } catch (IOException goneOrForeign) {
            return false;
        }
    }
}
